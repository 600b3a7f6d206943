package media

import (
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFacts(t *testing.T) {
	t.Parallel()
	photo := jpegOf(t, picture(8, 6, 1))
	layered := binary.BigEndian.AppendUint16([]byte("8BPS"), 1)
	layered = append(layered, make([]byte, 8)...)
	layered = binary.BigEndian.AppendUint32(layered, 300)
	layered = binary.BigEndian.AppendUint32(layered, 400)
	layered = append(layered, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0, 2, 'x', 'x', 0, 0, 0, 9, 0, 0, 0, 5, 0xff, 0xf4)
	for _, tt := range []struct {
		name string
		in   []byte
		want map[string]string
	}{
		{"nothing", []byte("text"), map[string]string{}},
		{"a photo without a word", photo, map[string]string{"width": "8", "height": "6"}},
		{"a camera", withSegment(photo, mAPP1, []byte(exifHeader+string(exifWith(tagModel, []byte("EOS R5\x00\x00"))))), map[string]string{"width": "8", "height": "6", "camera": "EOS R5"}},
		{"a camera's own format", exifWith(tagModel, []byte("ILCE-7M4\x00")), map[string]string{"camera": "ILCE-7M4"}},
		{"layers", layered, map[string]string{"width": "400", "height": "300", "layers": "12"}},
		{"broken off", layered[:30], map[string]string{"width": "400", "height": "300", "layers": "0"}},
	} {
		if diff := cmp.Diff(tt.want, Facts(tt.in)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// FuzzFacts: nothing a file says makes the reader fall over or a fact longer than its bound.
func FuzzFacts(f *testing.F) {
	f.Add([]byte("8BPS\x00\x01"))
	f.Add(exifWith(tagModel, []byte("EOS R5\x00")))
	f.Fuzz(func(t *testing.T, b []byte) {
		for k, v := range Facts(b) {
			if len(v) > maxFact {
				t.Errorf("%s has %d bytes", k, len(v))
			}
		}
	})
}
