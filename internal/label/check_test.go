package label

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/media"
)

// TestFaults: whatever the readers can find wrong has a clause, and nothing else has.
func TestFaults(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../media/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source of media", err)
	}
	said := regexp.MustCompile(`\.(?:bad|warn)\("([a-z_]+)"\)`)
	found := map[string]bool{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllSubmatch(b, -1) {
			found[string(m[1])] = true
			if !slices.Contains(Faults(), string(m[1])) {
				t.Errorf("%s says %q, which has no clause", name, m[1])
			}
		}
	}
	for _, code := range failures(t) {
		found[code] = true
		if (Fault{Code: code}).Group() == code || !slices.Contains(Faults(), code) {
			t.Errorf("c2pa says %q, which has no group", code)
		}
	}
	for _, code := range Faults() {
		if !found[code] && code != faultMoved && code != faultUnsealed {
			t.Errorf("nothing says %q", code)
		}
	}
}

// failures are the checks of Content Credentials that can fail, as the source of c2pa has them.
func failures(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../c2pa/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source of c2pa", err)
	}
	var src []byte
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") {
			src = append(src, b...)
		}
	}
	passes := map[string]bool{"CodeUntrusted": true}
	for _, m := range regexp.MustCompile(`in\.ok\((code\w+)|LevelInfo, (code\w+)`).FindAllSubmatch(src, -1) {
		passes[string(m[1])+string(m[2])] = true
	}
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^\t([cC]ode[A-Z]\w*) *= "([\w.]+)"$`).FindAllSubmatch(src, -1) {
		if !passes[string(m[1])] {
			out = append(out, string(m[2]))
		}
	}
	if len(out) < 20 {
		t.Fatalf("only %q", out)
	}
	return out
}

// TestCheck: a report holds what was found, also of a file that breaks off behind it.
func TestCheck(t *testing.T) {
	t.Parallel()
	b, mark, err := File(pngOf(t, colours(40, 40)), options(loam.IsAI))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Check(t.Context(), bytes.NewReader(b), Known{})
	if err != nil || r.State != loam.IsAI || r.Type != media.PNG || r.Cut != nil || len(r.Marks) != 1 || r.Marks[0].Producer != mark.ContentProducer || len(r.Marks[0].Defects) != 0 {
		t.Errorf("whole: %+v, %v", r, err)
	}
	if r, err := Check(t.Context(), bytes.NewReader(b[:20]), Known{}); err != nil || r.State != loam.NotAI || r.Type != media.PNG || r.Cut == nil || r.Marks == nil || len(r.Marks) != 0 {
		t.Errorf("cut before its mark: %+v, %v", r, err)
	}
	if _, err := Check(t.Context(), bytes.NewReader([]byte("\x00\x01")), Known{}); loam.CodeOf(err) != "file.type" {
		t.Errorf("no container: %v", err)
	}
}

// TestPlan: a plan is what File writes, where no visible mark is asked for.
func TestPlan(t *testing.T) {
	t.Parallel()
	for name, in := range map[string][]byte{"png": pngOf(t, colours(40, 40)), "jpeg": jpegOf(t, colours(40, 40)), "text": []byte("湖边\n")} {
		want, mark, err := File(in, options(loam.MayAI))
		if err != nil {
			t.Fatal(err)
		}
		e, m, err := Plan(bytes.NewReader(in), options(loam.MayAI))
		if err != nil || m != mark {
			t.Fatalf("%s: %v, %v", name, m, err)
		}
		if got, err := e.Bytes(); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v, %d bytes, want %d", name, err, len(got), len(want))
		}
		other := mark
		other.ProduceID = "another"
		if err := Verify(e, other); loam.CodeOf(err) != "label.mismatch" {
			t.Errorf("%s: another label passes: %v", name, err)
		}
	}
}

// TestCheckHugeManifest: Content Credentials too long to be read hide no label beside them.
func TestCheckHugeManifest(t *testing.T) {
	t.Parallel()
	b, _, err := File(pngOf(t, colours(40, 40)), options(loam.IsAI))
	if err != nil {
		t.Fatal(err)
	}
	body := append([]byte("caBX"), make([]byte, media.MaxManifest+1)...)
	huge := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	huge = binary.BigEndian.AppendUint32(append(huge, body...), crc32.ChecksumIEEE(body))
	r, err := Check(t.Context(), bytes.NewReader(slices.Concat(b[:33], huge, b[33:])), Known{})
	if err != nil || r.State != loam.IsAI || len(r.Marks) != 2 || r.Marks[1].Signature != SignedInvalid || len(r.Marks[1].Defects) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
}
