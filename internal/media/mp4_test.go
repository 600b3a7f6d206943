package media

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"loam"
)

func be16s(units []uint16) []byte {
	var out []byte
	for _, u := range units {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

func textItem(key int, value string) []byte { return newItem(uint32(key), value) }

// tagsOf is a metadata box of QuickTime's handler: names and values in turn.
func tagsOf(pairs ...string) []byte {
	var keys, items []byte
	for i := 0; i < len(pairs); i += 2 {
		keys = append(keys, newBox("mdta", []byte(pairs[i]))...)
		items = append(items, textItem(i/2+1, pairs[i+1])...)
	}
	return newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13)),
		newBox("keys", be32(0), be32(len(pairs)/2), keys), newBox("ilst", items))
}

// itunes is the metadata box most MP4 files have.
func itunes(items ...[]byte) []byte {
	return newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdirappl"), make([]byte, 9)), newBox("ilst", items...), newBox("free", make([]byte, 20)))
}

func freeForm(name, value string) []byte {
	return newBox("----", newBox("mean", be32(0), []byte("com.apple.iTunes")), newBox("name", be32(0), []byte(name)), newBox("data", be32(1), be32(0), []byte(value)))
}

func uuidBox(user string, data []byte) []byte {
	id := make([]byte, 16)
	for i := range id {
		id[i] = unhex(user[2*i])<<4 | unhex(user[2*i+1])
	}
	return newBox("uuid", id, data)
}

func unhex(c byte) byte { return byte(strings.IndexByte("0123456789abcdef", c)) }

// movie is a film whose only sample is a target, with more boxes in moov, in its udta and
// behind ftyp.
func movie(inMoov, inUdta, behind []byte) []byte {
	var b []byte
	for at := range 2 {
		if at > 0 {
			at = bytes.Index(b, []byte(target))
		}
		stbl := newBox("stbl", newBox("stsd", be32(0), be32(0)), newBox("stco", be32(0), be32(1), be32(at)))
		parts := [][]byte{newBox("mvhd", make([]byte, 100)), newBox("trak", newBox("mdia", newBox("minf", stbl)))}
		if inUdta != nil {
			parts = append(parts, newBox("udta", inUdta))
		}
		b = cat(newBox("ftyp", []byte("isom"), be32(512), []byte("isommp41")), behind, newBox("moov", append(parts, inMoov)...), newBox("mdat", []byte(target)))
	}
	return b
}

func attributePacket() []byte {
	return xmpOf(`<rdf:Description xmlns:TC260="` + nsAIGC + `" TC260:AIGC="` + escaped(strictJSON) + `"/>`)
}

// dirtyFilms are films with one label by the place it is in.
func dirtyFilms() map[string][]byte {
	wrapped := `{"AIGC":` + strictJSON + `}`
	name := newBox("name", []byte("a film"))
	quick := tagsOf("AIGC", wrapped)
	quick = newBox("meta", quick[12:]) // QuickTime's has no version
	utf := newBox(string(be32(1)), newBox("data", be32(2), be32(0), be16s(utf16.Encode([]rune(strictJSON)))))
	odd := newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13)),
		newBox("keys", be32(0), be32(1), newBox("mdta", []byte("com.example.aigc"))), newBox("ilst", utf))
	return map[string][]byte{
		"mp4.keys":             movie(nil, cat(name, tagsOf("title", "a", "AIGC", wrapped, "encoder", "b")), nil),
		"mp4.keys QuickTime":   movie(nil, cat(quick, be32(0)), nil),
		"mp4.keys UTF-16":      movie(nil, odd, nil),
		"mp4.keys wide boxes":  wideMovie(tagsOf("AIGC", wrapped)),
		"mp4.meta bare":        movie(tagsOf("AIGC", wrapped), name, nil),
		"mp4.meta with others": movie(tagsOf("com.apple.quicktime.make", "x", "AIGC", wrapped, "com.apple.quicktime.model", "y"), nil, nil),
		"mp4.meta of a track":  movie(newBox("trak", newBox("udta", tagsOf("AIGC", strictJSON))), nil, nil),
		"mp4.ilst free form":   movie(nil, itunes(newBox("\xa9nam", newBox("data", be32(1), be32(0), []byte("a"))), freeForm("AIGC", wrapped)), nil),
		"mp4.ilst item":        movie(nil, itunes(newBox("AIGC", newBox("data", be32(1), be32(0), []byte(strictJSON)))), nil),
		"mp4.udta":             movie(nil, cat(name, newBox("AIGC", []byte(strictJSON))), nil),
		"mp4.udta QuickTime":   movie(nil, cat(newBox("aigc", be16(len(strictJSON)), be16(0), []byte(strictJSON)), name, be32(0)), nil),
		"mp4.xmp uuid":         movie(nil, nil, uuidBox(uuidXMP, attributePacket())),
		"mp4.xmp user data":    movie(nil, newBox("XMP_", attributePacket()), nil),
	}
}

// wideMovie has boxes of 64 bits, and a last one of no length.
func wideMovie(meta []byte) []byte {
	var b []byte
	for at := range 2 {
		if at > 0 {
			at = bytes.Index(b, []byte(target))
		}
		stbl := wideBox("stbl", newBox("co64", be32(0), be32(1), be64(int64(at))))
		moov := wideBox("moov", cat(wideBox("trak", newBox("mdia", wideBox("minf", stbl))), wideBox("udta", meta)))
		b = cat(newBox("ftyp", []byte("qt  "), be32(0)), moov, be32(0), []byte("mdat"), []byte(target))
	}
	return b
}

// restOf lists what labelling must keep of a film: each box that is neither a holder nor a
// label, and each place of a sample table that leads to a target.
func restOf(t testing.TB, b []byte) []string {
	t.Helper()
	src := bytes.NewReader(b)
	f, err := filmScan(src, "mp4")
	if err != nil {
		t.Fatal(err)
	}
	drop := map[int64]bool{}
	var out []string
	b = slices.Clone(b)
	for _, s := range f.spots {
		if s.packet {
			continue
		}
		if len(s.late) > 0 { // the box stays, its labels blanked where they stand
			blank(b, s.late)
			continue
		}
		if slices.ContainsFunc(s.marks, func(m Found) bool { return m.Kind == KindImplicit }) {
			drop[s.at] = true
		}
	}
	sample := func(at uint64) {
		if at < uint64(len(b)) && bytes.HasPrefix(b[at:], []byte(target)) {
			out = append(out, "sample")
		}
	}
	holders := append(anyHolder(), "ilst")
	err = boxWalk(src, holders, func(x box, in []box) error {
		data := b[x.body:x.end]
		odd := !slices.Contains(topBoxes, slices.Concat(in, []box{x})[0].kind)
		switch {
		case odd && len(in) > 0: // compared with the box of no known kind it is in
			return nil
		case odd:
		case drop[x.at], slices.Contains(holders, x.kind), x.kind == "keys", x.kind == "hdlr" && under(in, "meta"):
			return nil
		case x.kind == "stco" && under(in, "stbl"):
			for k, n := 8, bigEndian(data[4:8]); k+4 <= len(data) && n > 0; k, n = k+4, n-1 {
				sample(bigEndian(data[k : k+4]))
			}
			return nil
		case x.kind == "co64" && under(in, "stbl"):
			for k, n := 8, bigEndian(data[4:8]); k+8 <= len(data) && n > 0; k, n = k+8, n-1 {
				sample(bigEndian(data[k : k+8]))
			}
			return nil
		case slices.Contains([]string{"saio", "iloc", "tfhd", "tfra", "sidx"}, x.kind):
			data = data[:0]
		case x.user == uuidXMP, x.kind == "XMP_":
			if less, err := xmpRemove(data); err == nil {
				data = less
			}
		}
		out = append(out, x.kind+" "+string(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFilms(t *testing.T) {
	t.Parallel()
	for name, in := range dirtyFilms() {
		place, _, _ := strings.Cut(name, " ")
		found, err := Read(in)
		if err != nil || len(found) != 1 || found[0].State != loam.IsAI || found[0].Place != place || found[0].Mark != strictMark() {
			t.Errorf("%s: got %+v, %v", name, found, err)
			continue
		}
		out := labelled(t, in)
		diff(t, name, restOf(t, in), restOf(t, out))
		if got, _ := Read(out); got[0].Place != "mp4.keys" {
			t.Errorf("%s: written at %s", name, got[0].Place)
		}
	}
}

// TestFilmsKeepTheRest: no label before; the metadata of others and its order stay.
func TestFilmsKeepTheRest(t *testing.T) {
	t.Parallel()
	nam := newBox("\xa9nam", newBox("data", be32(1), be32(0), []byte("a")))
	for name, in := range map[string][]byte{
		"nothing":       movie(nil, nil, nil),
		"user data":     movie(nil, newBox("name", []byte("a")), nil),
		"iTunes":        movie(nil, itunes(nam), nil),
		"other keys":    movie(nil, tagsOf("title", "a"), nil),
		"keys no item":  movie(nil, newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13))), nil),
		"XMP of others": movie(nil, nil, uuidBox(uuidXMP, xmpOf(`<rdf:Description/>`))),
		"phone":         movie(tagsOf("com.apple.quicktime.make", "x"), newBox("name"), nil),
		"phone, aigc":   movie(newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13)), newBox("keys", be32(0), be32(2), newBox("mdta", []byte("AIGC")), newBox("mdta", []byte("b"))), newBox("ilst", textItem(2, "b"))), nil, nil),
		"padding":       movie(nil, nil, newBox("free", make([]byte, 3000))),
	} {
		if found, err := Read(in); err != nil || len(found) != 0 {
			t.Errorf("%s: found %+v, %v", name, found, err)
		}
		diff(t, name, restOf(t, in), slices.DeleteFunc(restOf(t, labelled(t, in)), func(s string) bool { return strings.HasPrefix(s, "data") && strings.Contains(s, "Label") }))
	}
}

// TestFilmsWithTwoLabels: two labels, in one place or two, are each a defect and become one.
func TestFilmsWithTwoLabels(t *testing.T) {
	t.Parallel()
	may := strings.Replace(strictJSON, `"1"`, `"2"`, 1)
	for name, in := range map[string][]byte{
		"two places":   movie(tagsOf("AIGC", may), tagsOf("AIGC", strictJSON), nil),
		"one place":    movie(nil, tagsOf("AIGC", may, "AIGC", strictJSON), nil),
		"identical":    movie(tagsOf("AIGC", strictJSON), tagsOf("title", "x", "AIGC", strictJSON), nil),
		"one under id": movie(nil, newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13)), newBox("keys", be32(0), be32(1), newBox("mdta", []byte("AIGC"))), newBox("ilst", textItem(1, may), textItem(1, strictJSON))), nil),
		"two values":   movie(nil, newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13)), newBox("keys", be32(0), be32(1), newBox("mdta", []byte("AIGC"))), newBox("ilst", newBox(string(be32(1)), newBox("data", be32(1), be32(0), []byte(may)), newBox("data", be32(1), be32(1), []byte(strictJSON))))), nil),
		"next to it":   movie(nil, cat(tagsOf("title", "x"), newBox("AIGC", []byte(may)), newBox("AIGC", []byte(may))), nil),
	} {
		found, err := Read(in)
		if err != nil || len(found) != 2 || !slices.Contains(codes(found[0]), "duplicate") || !slices.Contains(codes(found[1]), "duplicate") {
			t.Errorf("%s: got %+v, %v", name, found, err)
		}
		labelled(t, in)
	}
}

func TestFilmOrNot(t *testing.T) {
	t.Parallel()
	moov := newBox("moov", newBox("mvhd", make([]byte, 100)))
	for in, want := range map[string]Type{
		"The free lunch, and a skip\n":                                                           Markdown,
		"Has ftyp as a word\n":                                                                   Markdown,
		string(cat(newBox("wide"), newBox("mdat"), moov)):                                        MP4,
		string(cat(newBox("free"), moov)):                                                        MP4,
		string(cat(newBox("ftyp", []byte("qt  "), be32(0)), moov)):                               MP4,
		string(cat(newBox("ftyp", []byte("M4A "), be32(0), []byte("M4A mp42isom")), moov)):       MP4,
		string(cat(newBox("ftyp", []byte("mp42"), be32(0), []byte("mif1heic")), newBox("mdat"))): MP4,
	} {
		if got, err := Identify(strings.NewReader(in)); got != want || err != nil {
			t.Errorf("%q: got %s, %v", in, got, err)
		}
	}
}

// TestFilmsBroken: what cannot be followed tells what was found before it, and is not written.
func TestFilmsBroken(t *testing.T) {
	t.Parallel()
	whole := movie(nil, tagsOf("AIGC", strictJSON), nil)
	cutMdat := whole[:len(whole)-3]
	if found, err := Read(cutMdat); loam.CodeOf(err) != "media.broken" || found != nil {
		t.Errorf("cut in mdat: %+v, %v", found, err)
	}
	if _, found, err := Marks(bytes.NewReader(cutMdat)); loam.CodeOf(err) != "media.broken" || len(found) != 1 {
		t.Errorf("cut in mdat: found %+v, %v", found, err)
	}
	many := strings.Split(strings.Repeat("AIGC,{},", 300), ",")
	for name, in := range map[string][]byte{
		"no moov":       cat(newBox("ftyp", []byte("isom"), be32(0)), newBox("mdat")),
		"cut in moov":   whole[:200],
		"key too short": movie(nil, newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13)), newBox("keys", be32(0), be32(2), newBox("mdta", []byte("AIGC"))), newBox("ilst")), nil),
		"labels":        movie(nil, tagsOf(many[:600]...), nil),
		"compressed":    newBox("moov", newBox("cmov")),
	} {
		if _, err := Write(in, strictMark()); loam.CodeOf(err) != "media.broken" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := Write(movie(nil, nil, uuidBox(uuidXMP, []byte(`<x AIGC{"Label":"1"}`))), strictMark()); loam.CodeOf(err) != "label.xmp" {
		t.Errorf("XMP that cannot be read: got %v", err)
	}
}

// TestProvenanceBoxIsEvidence: what a C2PA box says of the making counts, and stays.
func TestProvenanceBoxIsEvidence(t *testing.T) {
	t.Parallel()
	box := uuidBox(uuidC2PA, []byte("\x00\x00\x00\x00manifest\x00\x00\x00\x00\x00\x00\x00\x00\x00http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"))
	in := movie(nil, nil, box)
	found, err := Read(in)
	if err != nil || len(found) != 1 || found[0].Kind != KindSource || found[0].State != loam.IsAI {
		t.Errorf("got %+v, %v", found, err)
	}
	if out := labelled(t, in); !bytes.Contains(out, box) {
		t.Error("the box is gone")
	}
}

// heifOf is a picture with an XMP item in the file and one of EXIF in the idat box.
func heifOf(brand string) []byte {
	packet := attributePacket()
	exif := cat(be32(6), []byte(exifHeader), exifOf(exifField{tagDescription, 2, []byte(`{"AIGC":` + strictJSON + `}`)}))
	infe := func(id int, kind, more string) []byte {
		return newBox("infe", be32(2<<24), be16(id), be16(0), []byte(kind+"\x00"+more))
	}
	var b []byte
	for at := range 2 {
		if at > 0 {
			at = bytes.Index(b, packet)
		}
		iloc := newBox("iloc", be32(1<<24), []byte{0x44, 0}, be16(3),
			be16(1), be16(0), be16(0), be16(1), be32(0), be32(1),
			be16(2), be16(0), be16(0), be16(2), be32(at), be32(40), be32(at+40), be32(len(packet)-40),
			be16(3), be16(1), be16(0), be16(1), be32(0), be32(len(exif)))
		meta := newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("pict"), make([]byte, 13)),
			newBox("iinf", be32(0), be16(3), infe(1, "hvc1", ""), infe(2, "mime", "application/rdf+xml\x00"), infe(3, "Exif", "")), iloc, newBox("idat", exif))
		b = cat(newBox("ftyp", []byte(brand), be32(0), []byte("mif1"+brand)), meta, newBox("mdat", packet))
	}
	return b
}

func TestHEIF(t *testing.T) {
	t.Parallel()
	for brand, want := range map[string]Type{"heic": HEIF, "mif1": HEIF, "avif": AVIF} {
		in := heifOf(brand)
		typ, found, err := Marks(bytes.NewReader(in))
		if err != nil || typ != want || len(found) != 2 || found[0].Place != "heif.xmp" || found[1].Place != "heif.exif.ImageDescription" || found[1].Mark != strictMark() {
			t.Errorf("%s: %s %+v, %v", brand, typ, found, err)
		}
		if _, err := Write(in, strictMark()); loam.CodeOf(err) != "file.read_only" {
			t.Errorf("%s: written (%v)", brand, err)
		}
	}
	for n := range heifOf("heic") {
		_, _, _ = Marks(bytes.NewReader(heifOf("heic")[:n])) // must return
	}
	if typ, err := Identify(bytes.NewReader(newBox("ftyp", []byte("mif1"), be32(0), []byte("mif1avif")))); typ != AVIF || err != nil {
		t.Errorf("%s, %v", typ, err)
	}
}

func FuzzFilm(f *testing.F) {
	for _, b := range dirtyFilms() {
		f.Add(b)
	}
	f.Add(sampleFilm(false))
	f.Add(heifOf("heic"))
	f.Fuzz(func(t *testing.T, b []byte) {
		src := bytes.NewReader(b)
		_, _ = heifMarks(src)
		e, err := mp4Put(src, strictMark(), strictJSON)
		if err != nil {
			return
		}
		out, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		found, err := mp4Marks(bytes.NewReader(out))
		single := slices.DeleteFunc(found, func(m Found) bool { return m.Kind != KindImplicit })
		if err != nil || len(single) != 1 || !single[0].Strict() || single[0].Place != "mp4.keys" {
			t.Fatalf("read back %+v, %v", found, err)
		}
		// A list that is in no metadata box is not followed by the writer, and may hold anything.
		lists := boxWalk(src, append(anyHolder(), "ilst"), func(box, []box) error { return nil })
		if lists == nil && len(b) < 4096 && bytes.Contains(b, []byte(target)) {
			label := func(s string) bool { return strings.Contains(s, strictJSON) }
			diff(t, "rest", slices.DeleteFunc(restOf(t, b), label), slices.DeleteFunc(restOf(t, out), label))
		}
	})
}

// TestOddBox: a label in a box beside the film's own, of a kind nobody knows, is found, wherever the
// box stands, and blanked when the film is labelled; nothing else of the box changes.
func TestOddBox(t *testing.T) {
	t.Parallel()
	film := movie(nil, nil, nil)
	odd := newBox("abcd", []byte("before "), []byte(`{"AIGC":`+strictJSON+`}`), []byte(" after"))
	begins := int(bigEndian(film[:4])) // behind ftyp
	for name, b := range map[string][]byte{
		"behind it":  cat(film, odd),
		"before it":  cat(film[:begins], odd, film[begins:]),
		"in between": cat(film, odd, newBox("free"), odd),
	} {
		_, found, err := Marks(bytes.NewReader(b))
		if err != nil || len(found) == 0 || found[0].Place != "mp4.box" || found[0].Mark.Label != "1" || State(found) != loam.IsAI {
			t.Errorf("%s: %+v, %v", name, found, err)
			continue
		}
		out, err := Write(b, loam.Mark{Label: "2", ContentProducer: "a", ProduceID: "b", ContentPropagator: "a", PropagateID: "b"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if found, err = Read(out); err != nil || len(found) != 1 || found[0].Mark.Label != "2" || !bytes.Contains(out, []byte("before ")) || !bytes.Contains(out, []byte(" after")) {
			t.Errorf("%s, labelled: %+v, %v", name, found, err)
		}
	}
	long := cat(film, newBox("abcd", make([]byte, MaxBytes), []byte(`{"AIGC":`+strictJSON+`}`)))
	if _, found, err := Marks(bytes.NewReader(long)); !Broken(err) || len(found) > 0 {
		t.Errorf("farther than is searched: %+v, %v", found, err)
	}
}
