package media

import (
	"bytes"
	"runtime"
	"testing"
)

// TestGrowth: of a picture of nothing but the smallest parts, of whatever kind, no more is taken
// in memory, all that is given back counted too, than four times its bytes.
//
//nolint:paralleltest // it counts what the whole process takes
func TestGrowth(t *testing.T) {
	const size = 2 << 20
	png, still := pngOf(t, picture(8, 8, 1)), gifOf(t, picture(8, 8, 1))[:781]
	filled := func(parts ...[]byte) []byte {
		part := cat(parts...)
		return cat(png[:33], bytes.Repeat(part, min(size/len(part), maxChunks/len(parts)-10)), png[33:])
	}
	chunkOf := func(kind, data string) []byte { return newChunk(kind, []byte(data)).raw }
	for name, b := range map[string][]byte{
		"chunks of no meaning":    filled(chunkOf("teSt", "")),
		"pixels in turn":          filled(chunkOf("IDAT", ""), chunkOf("teSt", "")),
		"empty texts":             filled(chunkOf("tEXt", "")),
		"short texts":             filled(chunkOf("tEXt", "ab\x00c")),
		"texts in turn":           filled(chunkOf("tEXt", "a\x00c"), chunkOf("IDAT", "")),
		"packed texts":            filled(chunkOf("zTXt", "a\x00\x00")),
		"empty EXIF":              filled(chunkOf("eXIf", "")),
		"empty manifests":         filled(chunkOf("caBX", "")),
		"packets":                 filled(chunkOf("iTXt", xmpKeyword+"\x00\x00\x00\x00\x00")),
		"packets of no form":      filled(chunkOf("iTXt", xmpKeyword+"\x00")),
		"labels":                  filled(chunkOf("tEXt", "AIGC\x00")),
		"what generators left":    filled(chunkOf("tEXt", "Software\x00imagen")),
		"blocks of a GIF":         cat(still, bytes.Repeat([]byte("\x21\xfe\x00"), size/3)),
		"packets of a GIF":        cat(still, bytes.Repeat([]byte(gifXMP+"\x00"), size/15)),
		"applications of a GIF":   cat(still[:13], bytes.Repeat([]byte("\x21\xff\x00"), size/3)),
		"a GIF of terminators":    cat(still, make([]byte, size)),
		"a GIF of empty pictures": cat(still, bytes.Repeat([]byte("\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00"), size/12)),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, found, err := Marks(bytes.NewReader(b))
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 4*uint64(len(b)) {
			t.Errorf("%s: %d bytes took %d, %.1f times as much (%d marks, %v)", name, len(b), took, float64(took)/float64(len(b)), len(found), err)
		}
	}
}
