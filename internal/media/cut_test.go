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
