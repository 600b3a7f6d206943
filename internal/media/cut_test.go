package media

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"loam"
)

// TestCutAnywhere: wherever a file of any container breaks off, its reader says no worse than
// that it does.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	sets := map[string]map[string][]byte{
		"picture": dirty(t), "gif": gifs(t), "special": specials(t), "film": dirtyFilms(), "sound": dirtySounds(), "ogg": oggs(),
		"mp3": mp3s(), "flac": flacs(), "pdf": pdfs(), "tiff": tiffs(), "office": docs(t), "manifest": carriers(),
	}
	for _, set := range slices.Sorted(maps.Keys(sets)) {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			for name, whole := range sets[set] {
				step := max(1, len(whole)/400)
				for n := 1; n < len(whole); n += step {
					_, _, err := Marks(bytes.NewReader(whole[:n]))
					if err != nil && !Broken(err) && loam.CodeOf(err) != "file.type" && loam.CodeOf(err) != "media.encrypted" {
						t.Fatalf("%s, %d bytes of %d: %v", name, n, len(whole), err)
					}
				}
			}
		})
	}
}

// TestFilmWithTail: a film with another file behind it is read as the film it begins as, a label
// behind it is found, and it is not written; a film that is cut is not one with something behind it.
func TestFilmWithTail(t *testing.T) {
	t.Parallel()
	plain, film := movie(nil, nil, nil), movie(nil, tagsOf("AIGC", strictJSON), nil)
	photo := jpegOf(t, picture(8, 8, 1))
	labelledPhoto, err := Write(photo, strictMark())
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		film, tail []byte
		code       string
		places     []string
	}{
		"JPEG":                    {film, photo, "media.trailing", []string{"mp4.keys"}},
		"PNG":                     {film, pngOf(t, picture(8, 8, 1)), "media.trailing", []string{"mp4.keys"}},
		"archive":                 {film, docs(t)["none"], "media.trailing", []string{"mp4.keys"}},
		"PDF":                     {film, pdfs()["plain"], "media.trailing", []string{"mp4.keys"}},
		"JPEG behind a bare film": {plain, photo, "media.trailing", nil},
		"label in the JPEG":       {plain, labelledPhoto, "media.trailing", []string{"mp4.trailer"}},
		"a cut box":               {film, newBox("mdat", make([]byte, 99))[:40], "media.broken", []string{"mp4.keys"}},
		"no film yet":             {newBox("ftyp", []byte("isom"), be32(0)), photo, "media.broken", nil},
	} {
		b := cat(tt.film, tt.tail)
		typ, found, err := Marks(bytes.NewReader(b))
		var places []string
		for _, f := range found {
			places = append(places, f.Place)
		}
		if typ != MP4 || loam.CodeOf(err) != tt.code || !Broken(err) || !slices.Equal(places, tt.places) {
			t.Errorf("%s: %s %v, %v", name, typ, places, err)
		}
		if _, err := Write(b, strictMark()); loam.CodeOf(err) != tt.code {
			t.Errorf("%s: written: %v", name, err)
		}
	}
}

// TestCutTraces: what a generator left before a picture breaks off is told.
func TestCutTraces(t *testing.T) {
	t.Parallel()
	settings := []byte("湖, Steps: 20, Sampler: Euler a")
	png, photo := pngOf(t, picture(64, 64, 1)), jpegOf(t, picture(64, 64, 1))
	for name, b := range map[string][]byte{
		"png":  cat(png[:33], newChunk("tEXt", cat([]byte("parameters\x00"), settings)).raw, png[33:]),
		"jpeg": cat(photo[:2], newSegment(mCOM, settings).raw, photo[2:]),
	} {
		_, found, err := Marks(bytes.NewReader(b[:len(b)-40]))
		if !Broken(err) || len(found) != 1 || found[0].Kind != KindTrace || found[0].State != loam.SuspectedAI {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}
