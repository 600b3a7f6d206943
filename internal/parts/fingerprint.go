package parts

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"loam"
	"loam/internal/media"
)

// What a fingerprint may take.
const (
	printSeconds = 630 // of a sound are heard: ten minutes, and enough to see that it goes on
	printMemory  = 512 << 20
	printCPU     = 60 * time.Second
	printAnswer  = 1 << 20
)

// endIsNoError runs fpcalc: version 1.5.1 takes the end of a sound for an error, 3, with FFmpeg 5
// and later, and has said all by then.
const endIsNoError = `"$@"; s=$?; [ $s = 3 ] && exit 0; exit $s`

// emptyPrint is what fpcalc says of a sound that ends before there is a word of a fingerprint.
const emptyPrint = "Empty fingerprint"

// chromaprint is the Debian package of fpcalc.
const chromaprint = "libchromaprint-tools"

// CanFingerprint is Unavailable, "program.missing" where fpcalc is not installed.
func CanFingerprint() error {
	_, err := findIn("fpcalc", chromaprint)
	return err
}

// soundFile writes a sound into a folder of its own, which done removes.
func soundFile(data []byte) (dir, file string, done func(), err error) {
	if dir, err = os.MkdirTemp("", "loam-sound-"); err != nil {
		return "", "", nil, err
	}
	done = func() { os.RemoveAll(dir) }
	file = filepath.Join(dir, "sound")
	if err = os.WriteFile(file, data, 0o600); err != nil {
		done()
	}
	return dir, file, done, err
}

// ErrTooShort is why a sound has no fingerprint: it ends before there is a word of one.
var ErrTooShort = errors.New("nothing is heard in it")

// Fingerprint gives Chromaprint's words for the first ten and a half minutes of a sound, or of the sound of a
// film, of a type. Without fpcalc it is Unavailable, "program.missing"; what fpcalc cannot follow
// is Invalid, "film.failed".
func Fingerprint(ctx context.Context, typ media.Type, data []byte) (words []uint32, err error) {
	format := demuxers[typ]
	if format == "" {
		return nil, loam.Fail(loam.Invalid, "film.failed")
	}
	fpcalc, err := findIn("fpcalc", chromaprint)
	if err != nil {
		return nil, err
	}
	dir, file, done, err := soundFile(data)
	if err != nil {
		return nil, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, 2*printCPU)
	defer cancel()
	out, err := program(ctx, limits{memory: printMemory, cpu: printCPU, answer: printAnswer}, dir, "/bin/sh", "-c", endIsNoError, "sh", fpcalc,
		"-raw", "-json", "-length", strconv.Itoa(printSeconds), "-format", format, file)
	var said struct {
		Fingerprint []uint32 `json:"fingerprint"`
	}
	if err == nil {
		err = json.Unmarshal(out, &said)
	}
	if err == nil && len(said.Fingerprint) == 0 || err != nil && strings.Contains(err.Error(), emptyPrint) {
		err = ErrTooShort
	}
	if err != nil {
		return nil, loam.Fail(loam.Invalid, "film.failed").Because(err)
	}
	return said.Fingerprint, nil
}
