package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"loam/internal/media/mediatest"
)

// TestLiveGrowth: of a file of whatever container that is made to take more memory than it has
// bytes, no more is in use at once than four times those and mediatest.Beside.
//
//nolint:paralleltest // it counts what the whole process takes
func TestLiveGrowth(t *testing.T) {
	files := greedy(t)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		b := files[name]
		var found []Found
		var err error
		took := mediatest.Peak(len(b), func() { _, found, err = Marks(bytes.NewReader(b)) })
		if took > 4*int64(len(b))+mediatest.Beside {
			t.Errorf("%s: %d bytes took %d, %.1f times as much (%d marks, %v)", name, len(b), took, float64(took)/float64(len(b)), len(found), err)
		}
		if testing.Verbose() {
			t.Logf("%-40s %8d bytes, %9d in use, %.1f times (%d marks, %v)", name, len(b), took, float64(took)/float64(len(b)), len(found), err)
		}
	}
}

// greedy are files of every container made of whatever takes a reader most for its bytes.
func greedy(tb testing.TB) map[string][]byte {
	tb.Helper()
	const size = 3 << 20
	rep := func(s string, n int) []byte { return bytes.Repeat([]byte(s), n/len(s)) }
	all := map[string][]byte{}
	for _, set := range []map[string][]byte{greedyTexts(rep), greedyPictures(tb, rep), greedySounds(rep), greedyFilms(rep), greedyDocuments(tb, rep)} {
		for name, b := range set {
			if len(b) > 16*size {
				tb.Fatalf("%s has %d bytes", name, len(b))
			}
			all[name] = b
		}
	}
	return all
}

func greedyTexts(rep func(string, int) []byte) map[string][]byte {
	const size = 3 << 20
	front := func(body []byte) []byte { return cat([]byte("---\n"), body, []byte("\n---\nwords\n")) }
	page := func(body ...[]byte) []byte { return cat(append([][]byte{[]byte("<!doctype html>")}, body...)...) }
	wide := func(s []byte) []byte {
		return append([]byte("\xff\xfe"), utf16Of(binary.LittleEndian, false, string(s))...)
	}
	return map[string][]byte{
		"front matter of keys":        front(rep("a:\n", maxFront-8)),
		"front matter of a list":      front(rep("- \n", maxFront-8)),
		"front matter of a flow":      front(cat([]byte("a: ["), rep("a,", maxFront-20), []byte("]"))),
		"front matter of flows":       front(cat([]byte("a: "), rep("[", 4000), rep("]", 4000))),
		"front matter of mappings":    front(cat([]byte("a: ["), rep("{},", maxFront-20), []byte("]"))),
		"front matter of references":  front(cat([]byte("a: &a x\nb: ["), rep("*a,", maxFront-40), []byte("]"))),
		"front matter without an end": cat([]byte("---\n"), rep("a:\n", size)),
		"words":                       rep("words\n", size),
		"page of tags":                page(rep("<a>", size)),
		"page of one word":            page(rep("a", size)),
		"page of one comment":         page([]byte("<!--"), rep("a", size)),
		"page of attributes":          page([]byte("<meta "), rep("a ", size), []byte(">")),
		"page of empty attributes":    page([]byte("<meta "), rep("a=''", size), []byte(">")),
		"page of labels":              page(rep("<meta name=AIGC content='{}'>", size)),
		"page of a long label":        page([]byte("<meta name=AIGC content='"), rep("{", size), []byte("'>")),
		"page in UTF-16":              wide(page(rep("一", size))),
		"page of tags in UTF-16":      wide(page(rep("<a>", size/2))),
		"page of text, packed as MS":  page([]byte("<script>"), rep("a b='", size)),
	}
}

func greedyPictures(tb testing.TB, rep func(string, int) []byte) map[string][]byte {
	const size = 3 << 20
	photo, png, still := jpegOf(tb, picture(8, 8, 1)), pngOf(tb, picture(8, 8, 1)), gifOf(tb, picture(8, 8, 1))
	segments := func(marker byte, data string) []byte {
		return cat(photo[:2], bytes.Repeat(newSegment(marker, []byte(data)).raw, min(maxJPEGSegment-10, size/(len(data)+4))), photo[2:])
	}
	chunkOf := func(kind string, data ...[]byte) []byte {
		return cat(png[:33], newChunk(kind, cat(data...)).raw, png[33:])
	}
	packet := func(body []byte) []byte {
		return xmpOf(`<rdf:Description rdf:about="">` + string(body) + `</rdf:Description>`)
	}
	packets := map[string][]byte{
		"small elements":   packet(rep("<a/>", maxPacket-1000)),
		"attributes":       packet(cat([]byte("<a "), rep(`a="" `, maxPacket-1000), []byte("/>"))),
		"namespaces":       packet(cat([]byte("<a "), rep(`xmlns:a="" `, maxPacket-1000), []byte("/>"))),
		"nested names":     packet(cat(rep(`<a xmlns:a="" xmlns:b="" xmlns:c="">`, 180*36), rep(`</a>`, 180*4))),
		"one word":         packet(rep("a", maxPacket-1000)),
		"one label":        packet(cat([]byte(`<T:AIGC xmlns:T="`+nsAIGC+`">`), rep("{", maxPacket-1000), []byte(`</T:AIGC>`))),
		"labels":           packet(rep(`<AIGC>{}</AIGC>`, 15*200)),
		"entities":         packet(rep("&lt;", maxPacket-1000)),
		"UTF-16":           utf16Of(binary.LittleEndian, true, string(packet(rep("<a/>", maxPacket/2-1000)))),
		"longer, UTF-16":   utf16Of(binary.LittleEndian, true, string(packet(rep("a", size)))),
		"longer":           packet(rep("<a/>", size)),
		"many small hits":  packet(rep(`<x AIGC=""/>`, 12*250)),
		"not XML":          rep("<", maxPacket),
		"declared, UTF-16": cat([]byte("<\x00"), rep("?\x00", maxPacket-10)),
	}
	fields := make([]exifField, 65535)
	for i := range fields {
		fields[i] = exifField{tagSoftware, 2, []byte("x\x00")}
	}
	entries := make([]tiffTestField, 65000)
	for i := range entries {
		entries[i] = tiffTestField{tagDescription, 2, []byte("{}\x00")}
	}
	sub := bytes.Clone(tiffOf(binary.LittleEndian, false, entries))
	out := map[string][]byte{
		"JPEG of segments":           segments(0xe9, ""),
		"JPEG of comments":           segments(mCOM, ""),
		"JPEG of labels":             segments(0xe9, "AIGC{}"),
		"JPEG of long comments":      segments(mCOM, string(rep("{", 60_000))),
		"JPEG of packets":            segments(mAPP1, xmpHeader+"<a/>"),
		"JPEG of extended XMP":       segments(mAPP1, xmpMoreHeader+strings.Repeat("0", 40)),
		"JPEG of fill bytes":         cat(photo[:2], rep("\xff", maxFill/2), photo[2:]),
		"JPEG of late segments":      cat(photo[:len(photo)-2], []byte("AIGC"), rep("\xff\xe9\x00\x02", size), photo[len(photo)-2:]),
		"JPEG of late labels":        cat(photo, rep("AIGC{}", size)),
		"PNG of EXIF fields":         chunkOf("eXIf", exifOf(fields...)),
		"PNG of a profile":           chunkOf("tEXt", []byte("Raw profile type APP1\x00"), rep("a ", size)),
		"PNG of a profile of digits": chunkOf("tEXt", []byte("Raw profile type xmp\x00\nxmp\n 1\n"), rep("41", size)),
		"PNG of a long label":        chunkOf("tEXt", []byte("AIGC\x00"), rep("{", size)),
		"PNG of a bomb":              chunkOf("zTXt", []byte("AIGC\x00\x00"), packed(strings.Repeat("{", maxInflated))),
		"GIF of a packet":            cat(still[:781], []byte(gifXMP), rep("\xffa", size), make([]byte, 300), still[781:]),
		"GIF of a comment":           cat(still[:781], []byte("\x21\xfe"), bytes.Repeat(append([]byte{255}, rep("{", 255)...), size/256), []byte{0}, still[781:]),
		"WebP of chunks":             animated(bytes.Repeat(newRIFFChunk("abcd", nil), maxRIFFChunks-10)),
		"TIFF of fields":             sub,
		"TIFF of pages":              tiffOf(binary.LittleEndian, false, make([][]tiffTestField, 20_000)...),
		"TIFF of one shared text":    sharedTIFF(4000, 60_000),
		"BigTIFF of fields":          tiffOf(binary.LittleEndian, true, entries),
	}
	for name, p := range packets {
		out["PNG, XMP of "+name] = chunkOf("iTXt", []byte(xmpKeyword+"\x00\x00\x00\x00\x00"), p)
		out["WebP, XMP of "+name] = animated(newRIFFChunk("XMP ", p))
	}
	return out
}

// sharedTIFF has so many pages whose descriptions are one and the same label, of so many bytes.
func sharedTIFF(pages, bytesOf int) []byte {
	le := binary.LittleEndian
	text := 8
	b := le.AppendUint32([]byte("II*\x00"), uint32(text+bytesOf))
	b = append(b, `{"AIGC":{"Label":"`...)
	b = append(append(b, bytes.Repeat([]byte("1"), bytesOf-len(b)+text-3)...), `"}}`...)
	for i := range pages {
		at := len(b)
		b = le.AppendUint16(b, 1)
		b = le.AppendUint16(le.AppendUint16(b, tagDescription), 2)
		b = le.AppendUint32(le.AppendUint32(b, uint32(bytesOf)), uint32(text))
		next := uint32(at + 18)
		if i == pages-1 {
			next = 0
		}
		b = le.AppendUint32(b, next)
	}
	return b
}

func greedySounds(rep func(string, int) []byte) map[string][]byte {
	const size = 3 << 20
	tag := func(version byte, body []byte) []byte { return cat(id3Of(version, 0, body), sound(3)) }
	frames := func(version byte, id string, data []byte) []byte {
		one := frameOf(version, id, data)
		return tag(version, bytes.Repeat(one, min(65_000, size/len(one))))
	}
	block := func(n int, one []byte) []byte {
		return cat(appendCounted(nil, nil), le32(n), bytes.Repeat(appendCounted(nil, one), n))
	}
	comments := block(maxComments, nil)
	many := block(min(maxComments, size/20), []byte("AIGC={}"))
	page := func(serial uint32, flags byte, lacing []byte, data []byte) []byte {
		p := oggPage{serial: serial, flags: flags, lacing: lacing}
		return p.bytes(data)
	}
	tiny := page(7, pageBegins, []byte{8}, []byte("OpusHead"))
	tiny = cat(tiny, page(7, 0, []byte{255}, cat([]byte("OpusTags"), make([]byte, 247))), bytes.Repeat(page(7, pageContinues, nil, nil), maxCommentPage-10))
	var streams []byte
	for i := range maxStreams {
		streams = cat(streams, page(uint32(i), pageBegins, []byte{8}, []byte("OpusHead")))
	}
	riff := func(kind string, one []byte) []byte {
		return riffOf(kind, bytes.Repeat(one, min(maxRIFFChunks-10, size/len(one))))
	}
	plain4 := append(append([]byte("TIT2"), be32(200)...), make([]byte, 202)...) // its size in plain bytes
	return map[string][]byte{
		"MP3 of small frames, 2.2":  frames(2, "TT2", nil),
		"MP3 of small frames, 2.3":  frames(3, "TIT2", nil),
		"MP3 of small frames, 2.4":  frames(4, "TIT2", nil),
		"MP3 of plain sizes":        tag(4, bytes.Repeat(plain4, size/len(plain4))),
		"MP3 of labels":             frames(3, "TXXX", []byte("\x00AIGC\x00{}")),
		"MP3 of other texts":        frames(3, "TXXX", []byte("\x00A\x00{}")),
		"MP3 of one text, Latin-1":  tag(3, frameOf(3, "TXXX", cat([]byte("\x00AIGC\x00"), rep("\xe9", size)))),
		"MP3 of one name, Latin-1":  tag(3, frameOf(3, "TXXX", cat([]byte("\x00"), rep("\xe9", size)))),
		"MP3 of one text, UTF-16":   tag(3, frameOf(3, "TXXX", cat([]byte("\x01"), utf16Of(binary.LittleEndian, true, "AIGC"), utf16Of(binary.LittleEndian, true, string(rep("一", size)))))),
		"MP3, unsynchronised":       cat(id3Of(3, 0x80, cat(frameOf(3, "TIT2", nil), rep("\xff\x00", size))), sound(3)),
		"MP3, packed":               tag(3, frameOf(3, "TXXX", cat(be32(1<<20), packed(strings.Repeat("a", 1<<20))), 0, 0x80)),
		"FLAC of blocks":            flacOf(slices.Repeat([]flacTestBlock{{2, nil}}, maxBlocks-10)...),
		"FLAC of comments":          flacOf(flacTestBlock{flacComment, comments}),
		"FLAC of labels":            flacOf(flacTestBlock{flacComment, many}),
		"FLAC of a long label":      flacOf(flacTestBlock{flacComment, commentsOf("AIGC=" + string(rep("{", size)))}),
		"Ogg of tiny pages":         tiny,
		"Ogg of streams":            streams,
		"Ogg of comments":           join(opusOf(7, 255, comments)),
		"Ogg of a long comment":     join(opusOf(7, 255, commentsOf("A="+string(rep("a", size))))),
		"Ogg of comments, in pages": join(opusOf(7, 1, commentsOf("A="+string(rep("a", size/8))))),
		"WAV of chunks":             riff("WAVE", newRIFFChunk("abcd", nil)),
		"WAV of labels":             riff("WAVE", newRIFFChunk("AIGC", []byte("{}"))),
		"AVI of lists":              riff("AVI ", newRIFFChunk("LIST", []byte("INFO"))),
		"AVI of INFO":               riffOf("AVI ", newRIFFChunk("LIST", cat([]byte("INFO"), bytes.Repeat(newRIFFChunk("ISFT", nil), maxLabels-1)))),
	}
}

func greedyFilms(rep func(string, int) []byte) map[string][]byte {
	const size = 3 << 20
	script := func(body []byte) []byte { return flvTag(18, cat(amfText("onMetaData"), body)) }
	items := func(n int, item []byte) []byte {
		iloc := newBox("iloc", be32(1<<24), []byte{0x44, 0}, be16(min(n, 65535)), bytes.Repeat(item, n))
		meta := newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("pict"), make([]byte, 13)),
			newBox("iinf", be32(0), be16(1), newBox("infe", be32(2<<24), be16(1), be16(0), []byte("mime\x00application/rdf+xml\x00"))), iloc)
		return cat(newBox("ftyp", []byte("heic"), be32(0), []byte("mif1heic")), meta, newBox("mdat", make([]byte, size/4)))
	}
	extent := func(k int) []byte { return cat(be32(k), be32(1)) }
	var scattered []byte
	for k := range 65_000 {
		scattered = append(scattered, extent(2*k)...)
	}
	tags := func(simple []byte, n int) []byte {
		return reel{before: newElement(idTags, newElement(idTag, bytes.Repeat(simple, n)))}.bytes()
	}
	simple := func(name, value string) []byte {
		return newElement(idSimpleTag, newElement(idTagName, []byte(name)), newElement(idTagString, []byte(value)))
	}
	return map[string][]byte{
		"FLV of tags":                flvOf(bytes.Repeat(flvTag(9, nil), size/15)),
		"FLV of numbers":             flvOf(bytes.Repeat(script(rep("\x05", maxScript-30)), 3)),
		"FLV of names":               flvOf(script(cat([]byte{3}, rep("\x00\x01a\x05", maxScript-60)))),
		"FLV of arrays":              flvOf(script(rep("\x0a\x00\x00\x00\x01", maxScript-60))),
		"FLV of labels":              flvOf(script(cat([]byte{3}, rep("\x00\x04AIGC\x05", maxScript-60)))),
		"FLV of long labels":         flvOf(bytes.Repeat(script(cat([]byte{3}, amfName("AIGC"), []byte{12}, be32(1<<19), rep("{", 1<<19))), 4)),
		"MP4 of boxes":               movie(nil, nil, bytes.Repeat(newBox("free"), size/8)),
		"MP4 of metas":               movie(nil, nil, bytes.Repeat(newBox("meta", be32(0)), 250)),
		"MP4 of keys":                movie(nil, newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13)), newBox("keys", be32(0), be32(80_000), rep("\x00\x00\x00\x08mdta", 640_000)), newBox("ilst")), nil),
		"MP4 of items":               movie(nil, newBox("meta", be32(0), newBox("hdlr", make([]byte, 8), []byte("mdir"), make([]byte, 13)), newBox("ilst", bytes.Repeat(newBox("----"), size/8))), nil),
		"HEIF of items":              items(65_535, cat(be16(2), be16(0), be16(0), be16(0))),
		"HEIF of parts":              items(1, cat(be16(1), be16(0), be16(0), be16(65_000), scattered)),
		"Matroska of small tags":     tags(newElement(idSimpleTag), 1<<20),
		"Matroska of labels":         tags(simple("AIGC", "{}"), 200),
		"Matroska of long labels":    tags(simple("AIGC", string(rep(`{"Label":"1","a":"`, 60_000))), 50),
		"Matroska of empty clusters": reel{after: bytes.Repeat(newElement(idCluster), size/5)}.bytes(),
	}
}

// nestedTrailers is a PDF of so many cross-reference tables, each in a string of the trailer before, so
// that every trailer is as long as the file.
func nestedTrailers(n, size int) []byte {
	b := []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n")
	const one = "xref\ntrailer<</Prev %07d/Size 2/Root 1 0 R/X("
	first, step := len(b), len(fmt.Sprintf(one, 0))
	for i := range n {
		b = fmt.Appendf(b, one, first+(i+1)*step)
	}
	b = fmt.Appendf(b, "xref\ntrailer<</Size 2/Root 1 0 R>>%s%s", strings.Repeat("a", size), strings.Repeat(")>>", n))
	return fmt.Appendf(b, "\nstartxref\n%d\n%%%%EOF\n", first)
}

func greedyDocuments(tb testing.TB, rep func(string, int) []byte) map[string][]byte {
	const size = 3 << 20
	pdf := func(make func(p *pdfBuilder)) []byte {
		p := new(pdfBuilder)
		make(p)
		return bytes.Clone(p.b.Bytes())
	}
	var names, shared strings.Builder
	for range 250 {
		shared.WriteString("/AIGC 6 0 R")
	}
	for names.Len() < 240_000 {
		names.WriteString("/a/b")
	}
	revisions := func(trailer string, n int) []byte {
		return pdf(func(p *pdfBuilder) {
			p.page("")
			for range n {
				p.table("/Size 5/Root 1 0 R" + trailer)
			}
		})
	}
	members := func(n int, name string) []byte {
		parts := [][2]string{{ooxmlTypes, plainTypes}, {ooxmlRels, plainRels}}
		for i := range n {
			parts = append(parts, [2]string{fmt.Sprint(name, i), ""})
		}
		return zipOf(tb, parts...)
	}
	label := func(s []byte) []byte { return docx(tb, properties(property(2, "AIGC", "lpwstr", string(s)))) }
	return map[string][]byte{
		"PDF of small entries":     revisions(names.String(), 1),
		"PDF of many dictionaries": revisions(names.String(), 12),
		"PDF of revisions":         revisions("", 900),
		"PDF of nested trailers":   nestedTrailers(90, size),
		"PDF of empty ranges": pdf(func(p *pdfBuilder) {
			p.page("")
			at := p.b.Len()
			p.b.WriteString("xref\n" + strings.Repeat("9 0\n", 65_000))
			fmt.Fprintf(&p.b, "trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", at)
		}),
		"PDF of one shared label": pdf(func(p *pdfBuilder) {
			p.page("")
			p.object(5, "<<%s>>", shared.String())
			p.object(6, "(%s)", rep("a", 60_000))
			p.table("/Size 7/Root 1 0 R/Info 5 0 R")
		}),
		"PDF of a long string": pdf(func(p *pdfBuilder) {
			p.page("")
			p.object(5, "<</AIGC(%s)>>", rep("\xe9", maxPDFValue-1000))
			p.table("/Size 7/Root 1 0 R/Info 5 0 R")
		}),
		"PDF of long digits": pdf(func(p *pdfBuilder) {
			p.page("")
			p.object(5, "<</AIGC<%s>>>", rep("e9", maxPDFValue-1000))
			p.table("/Size 7/Root 1 0 R/Info 5 0 R")
		}),
		"PDF of a packed packet": pdf(func(p *pdfBuilder) {
			p.page("/Metadata 6 0 R")
			p.data(6, "/Filter/FlateDecode", string(packed(strings.Repeat("<a/>", 500_000))))
			p.table("/Size 8/Root 1 0 R")
		}),
		"PDF of a packet": pdf(func(p *pdfBuilder) {
			p.page("/Metadata 6 0 R")
			p.data(6, "", string(rep("<a/>", size)))
			p.table("/Size 8/Root 1 0 R")
		}),
		"PDF of packed references": pdf(func(p *pdfBuilder) {
			p.page("")
			at := p.b.Len()
			rows := packed(string(bytes.Repeat([]byte{2, 0, 0, 0, 0, 0}, 600_000)))
			fmt.Fprintf(&p.b, "7 0 obj\n<</Type/XRef/W[1 3 1]/Root 1 0 R/Size 9/Index[%s]/Filter/FlateDecode/DecodeParms<</Columns 5/Predictor 12>>/Length %d>>\nstream\n%s\nendstream\nendobj\n",
				rep("0 0 ", 200_000), len(rows), rows)
			fmt.Fprintf(&p.b, "startxref\n%d\n%%%%EOF\n", at)
		}),
		"DOCX of members":          members(30_000, ""),
		"DOCX of a long part":      docx(tb, properties(strings.Repeat(property(3, "a", "lpwstr", "b"), 10_000))),
		"DOCX of a packed part":    docx(tb, properties(string(rep(" ", 1<<20)))),
		"DOCX of a long label":     label(rep("{", 1<<20)),
		"DOCX of a longer label":   cat(label(rep("{", 4<<20))),
		"DOCX of small properties": docx(tb, properties(string(rep("<a/>", 1<<20)))),
		"DOCX of attributes":       docx(tb, properties("<a "+string(rep(`a="" `, 1<<20))+"/>")),
	}
}
