package mediatest

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// WAV is a sound of one channel, of so many samples a second.
func WAV(rate int, samples []int16) []byte {
	n := uint32(2 * len(samples))
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), 36+n)
	out = append(out, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
	out = binary.LittleEndian.AppendUint32(out, uint32(rate))
	out = binary.LittleEndian.AppendUint32(out, uint32(2*rate))
	out = append(out, "\x02\x00\x10\x00data"...)
	out = binary.LittleEndian.AppendUint32(out, n)
	for _, v := range samples {
		out = binary.LittleEndian.AppendUint16(out, uint16(v))
	}
	return out
}

// Remade is a sound as ffmpeg writes it with these arguments into a file of that name.
func Remade(t *testing.T, in []byte, name string, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "in"), filepath.Join(dir, name)
	if err := os.WriteFile(from, in, 0o600); err != nil {
		t.Fatal(err)
	}
	all := append(append([]string{"-v", "error", "-i", from}, args...), to)
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", all...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %v: %v %s", args, err, out)
	}
	data, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
