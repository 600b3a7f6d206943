package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"loam/internal/media"
)

// ffmpegHere skips the test where there is no ffmpeg; the gate needs it.
func ffmpegHere(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err == nil {
		return
	}
	if os.Getenv("LOAM_TEST_POSTGRES") != "" {
		t.Fatal("the gate needs ffmpeg")
	}
	t.Skip("no ffmpeg: apt-get install ffmpeg")
}

// ffmpegMakes makes a film or sound.
func ffmpegMakes(t *testing.T, args, file string) {
	t.Helper()
	if said, err := exec.CommandContext(t.Context(), "ffmpeg", append(strings.Fields("-v error "+args), file)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}

// asProgram runs the test binary as loam.
func asProgram(t *testing.T, path string, in []byte, args ...string) (out []byte, said string, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = []string{asLoam + "=1", "PATH=" + path, "LANG=C", "LOAM_LABEL_PRODUCER=loam-test"}
	c.Dir, c.Stdin = t.TempDir(), bytes.NewReader(in)
	var complaint bytes.Buffer
	c.Stderr = &complaint
	out, err = c.Output()
	return out, complaint.String(), err
}

// labelOf is the one label of a file, which is strict.
func labelOf(t *testing.T, b []byte) string {
	t.Helper()
	_, found, err := media.Marks(bytes.NewReader(b))
	if err != nil || len(found) != 1 || !found[0].Strict() {
		t.Fatalf("got %+v, %v, want one strict label", found, err)
	}
	return found[0].Mark.ContentProducer + " " + found[0].Mark.ProduceID + " " + found[0].Mark.ContentPropagator
}

// TestLabelFilms: after ffmpeg wrote the visible label the file has its implicit one, that
// which was there before with its producer's keys as they were.
func TestLabelFilms(t *testing.T) {
	t.Parallel()
	ffmpegHere(t)
	dir := t.TempDir()
	const clip = "-f lavfi -i testsrc=size=200x120:rate=10:d=1 -f lavfi -i sine=d=1 -c:v libx264 -pix_fmt yuv420p "
	const sound = "-f lavfi -i sine=d=1 "
	path := os.Getenv("PATH")
	for name, args := range map[string]string{"a.mp4": clip, "a.mov": clip, "a.mkv": clip, "a.wav": sound, "a.mp3": sound, "a.flac": sound, "a.ogg": sound + "-c:a libvorbis", "a.m4a": sound} {
		in, first, second := filepath.Join(dir, name), filepath.Join(dir, "first-"+name), filepath.Join(dir, "second-"+name)
		ffmpegMakes(t, args, in)
		before, err := os.ReadFile(in)
		if err != nil {
			t.Fatal(err)
		}
		if _, said, err := asProgram(t, path, nil, "label", "--visible", "--state=is", "--producer=them", "--content-id=theirs", in, "-o", first); err != nil {
			t.Fatalf("%s: %v: %s", name, err, said)
		}
		made, err := os.ReadFile(first)
		if err != nil {
			t.Fatal(err)
		}
		if got := labelOf(t, made); got != "them theirs them" || len(made) <= len(before) {
			t.Errorf("%s: %s, %d bytes of %d", name, got, len(made), len(before))
		}
		// from standard input, with somebody's label in it
		if _, said, err := asProgram(t, path, made, "label", "--visible", "--closing", "--cue-at=end", "--state=may", "-", "-o", second); err != nil {
			t.Fatalf("%s: %v: %s", name, err, said)
		}
		if made, err = os.ReadFile(second); err != nil {
			t.Fatal(err)
		}
		if got := labelOf(t, made); got != "them theirs loam-test" {
			t.Errorf("%s again: %s", name, got)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, ".loam-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// TestLabelWithoutFfmpeg: a film that cannot be marked visibly is not written at all, and the
// doctor says what is missing.
func TestLabelWithoutFfmpeg(t *testing.T) {
	t.Parallel()
	ffmpegHere(t)
	dir := t.TempDir()
	in, out := filepath.Join(dir, "a.wav"), filepath.Join(dir, "out.wav")
	ffmpegMakes(t, "-f lavfi -i sine=d=0.1", in)
	_, said, err := asProgram(t, dir, nil, "label", "--visible", "--state=is", in, "-o", out)
	if err == nil || !strings.Contains(said, "apt-get install ffmpeg") {
		t.Errorf("got %v: %s", err, said)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("something was written")
	}
	b, said, err := asProgram(t, dir, nil, "doctor", "--json", "--data", filepath.Join(dir, "data"))
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	var report struct{ Checks []checkup }
	if err := json.Unmarshal(b, &report); err != nil {
		t.Fatal(err)
	}
	missing := map[string]string{}
	for _, k := range report.Checks {
		if k.Level == "optional" {
			missing[k.Name] = k.Fix
		}
	}
	for _, name := range []string{"ffmpeg", "espeak-ng"} {
		if !strings.HasPrefix(missing[name], "apt-get install "+name) {
			t.Errorf("the doctor says of %s: %q", name, missing[name])
		}
	}
}
