package media

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"strings"
	"testing"
)

// bombs are files that ask for far more to be unpacked or parsed than they are long.
func bombs(tb testing.TB) map[string][]byte {
	png, photo, still := pngOf(tb, picture(8, 8, 1)), jpegOf(tb, picture(8, 8, 1)), gifOf(tb, picture(8, 8, 1))
	text := packed(strings.Repeat("a", 1<<20))
	packet := xmpOf(`<rdf:Description rdf:about="">` + strings.Repeat("<a/>", 240_000) + `</rdf:Description>`)
	small := xmpOf(`<rdf:Description rdf:about="">` + strings.Repeat("<a/>", 15_000) + `</rdf:Description>`)
	inPNG := func(kind, head string, data []byte, n int) []byte {
		return cat(png[:33], bytes.Repeat(newChunk(kind, append([]byte(head), data...)).raw, n), png[33:])
	}
	frame := append(binary.BigEndian.AppendUint32([]byte("TXXX"), uint32(4+len(text))), 0, 0x80)
	frame = cat(frame, be32(1<<20), text)
	pages := [][]tiffTestField{}
	for range 40 {
		pages = append(pages, []tiffTestField{{tagXMP, kindBytes, packet}})
	}
	return map[string][]byte{
		"zTXt of a PNG":       inPNG("zTXt", "Comment\x00\x00", text, 400),
		"iTXt of a PNG":       inPNG("iTXt", "Comment\x00\x01\x00\x00\x00", text, 400),
		"packed XMP of a PNG": inPNG("iTXt", xmpKeyword+"\x00\x01\x00\x00\x00", packed(string(packet)), 250),
		"XMP of a PNG":        inPNG("iTXt", xmpKeyword+"\x00\x00\x00\x00\x00", packet, 40),
		"XMP of a JPEG":       cat(photo[:2], bytes.Repeat(newSegment(mAPP1, append([]byte(xmpHeader), small...)).raw, 200), photo[2:]),
		"XMP of a GIF":        cat(still[:781], bytes.Repeat(cat([]byte(gifXMP), packet, gifTrailer()), 40), still[781:]),
		"XMP of a WebP":       animated(bytes.Repeat(newRIFFChunk("XMP ", packet), 40)),
		"XMP of a WAV":        riffOf("WAVE", soundFormat(), bytes.Repeat(newRIFFChunk("_PMX", packet), 40)),
		"XMP of a TIFF":       tiffOf(binary.LittleEndian, false, pages...),
		"XMP of an MP4":       movie(nil, nil, bytes.Repeat(uuidBox(uuidXMP, packet), 40)),
		"frames of an MP3":    cat(id3Of(3, 0, bytes.Repeat(frame, 400)), sound(3)),
	}
}

// TestAllowance: however many packed texts and XMP packets a file has, what is unpacked and parsed
// of all of them is bounded, that there is more is told, and nothing is written beside what was
// not read.
//
//nolint:paralleltest // it counts what the whole process takes
func TestAllowance(t *testing.T) {
	for name, b := range bombs(t) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := Marks(bytes.NewReader(b))
		runtime.ReadMemStats(&after)
		took := after.TotalAlloc - before.TotalAlloc
		if most := 4*uint64(len(b)) + 64*mostAllowed; took > most || !Broken(err) {
			t.Errorf("%s: %d bytes took %d MB, %v", name, len(b), took>>20, err)
		}
		if _, err := Plan(bytes.NewReader(b), strictMark()); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}
