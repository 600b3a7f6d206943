package parts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/screen"
)

// stub stands for the models: it does what the picture says.
const stub = `
import json, os, socket, struct, sys, time
folder, (memory, seconds, patience) = sys.argv[1], map(int, sys.argv[2:])
i, o = sys.stdin.buffer, sys.stdout.buffer
def give(b): o.write(struct.pack(">I", len(b)) + b); o.flush()
def reach(port):
    try: socket.create_connection(("127.0.0.1", port), 1).close(); return "reached"
    except OSError: return "alone"
give(b'{"ready": true}')
seen = 0
while True:
    head = i.read(4)
    if len(head) < 4: sys.exit(0)
    r = i.read(struct.unpack(">I", head)[0])
    want, p = r[:1], r[1:].decode()
    seen += 1
    if p == "crash": os.abort()
    if p == "say": print("out of paint", file=sys.stderr); sys.exit(3)
    if p == "hang": time.sleep(600)
    if p == "garbage": o.write(b"Traceback (most recent call last)"); o.flush(); time.sleep(600)
    if p == "half": o.write(struct.pack(">I", 100) + b"{"); o.flush(); sys.exit(0)
    if p == "prose": give(b"a cat on a mat"); continue
    if p == "other": give(b'{"classes": {}}'); continue
    if p == "broken": give(b'{"error": "not a picture"}'); continue
    if p == "retire": give(b'{"lines": []}'); sys.exit(0)
    if p == "env": p = " ".join(sorted(os.environ))
    if p.startswith("dial "): p = reach(int(p[5:]))
    if want == b"u": give(b'{"classes": {"drawing": 0, "hentai": 0.25, "neutral": 0, "porn": 0.75, "sexy": 0}}')
    else: give(json.dumps({"lines": [{"text": f"{seen} {p}", "score": 0.5}]}).encode())
`

// stubbed are Parts whose models are a script; its folder has what make parts would leave.
func stubbed(t *testing.T, c Config) *Parts {
	t.Helper()
	real, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		t.Skip("python3 does not run here:", err)
	}
	c.Dir = t.TempDir()
	p := Open(c)
	t.Cleanup(p.Close)
	p.script = stub
	sum := sha256.Sum256([]byte("weights"))
	p.models = []model{{hex.EncodeToString(sum[:]), "stub.onnx"}}
	for _, dir := range []string{p.folder(), filepath.Dir(p.python())} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(p.folder(), "stub.onnx"), []byte("weights"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(strings.TrimSpace(string(real)), p.python()); err != nil {
		t.Fatal(err)
	}
	return p
}

// words is what is read, or how it went wrong.
func words(ctx context.Context, p *Parts, picture string) string {
	lines, err := p.Words(ctx, []byte(picture))
	if err != nil {
		return loam.KindOf(err).String()
	}
	var out []string
	for _, l := range lines {
		out = append(out, l.Text)
	}
	return strings.Join(out, "/")
}

// Whatever a picture does to a child, the next one is looked at by a new one.
func TestBrokenChildren(t *testing.T) {
	t.Parallel()
	p := stubbed(t, Config{Longest: 20 * time.Second})
	for _, c := range []struct{ picture, want, next string }{
		{"cat", "1 cat", "2 dog"},
		{"crash", "unavailable", "1 dog"},
		{"say", "unavailable", "1 dog"},
		{"garbage", "unavailable", "1 dog"},
		{"half", "unavailable", "1 dog"},
		{"prose", "unavailable", "1 dog"},
		{"other", "unavailable", "1 dog"},
		{"broken", "invalid", "3 dog"}, // the picture is broken, not the child
		{"retire", "", "1 dog"},
	} {
		if got := words(t.Context(), p, c.picture); got != c.want {
			t.Errorf("%s: got %q, want %q", c.picture, got, c.want)
		}
		if got := words(t.Context(), p, "dog"); got != c.next {
			t.Errorf("after %s: got %q, want %q", c.picture, got, c.next)
		}
	}
}

func TestHangingChild(t *testing.T) {
	t.Parallel()
	p := stubbed(t, Config{})
	if got := words(t.Context(), p, "cat"); got != "1 cat" {
		t.Fatal(got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := p.Words(ctx, []byte("hang"))
	if !errors.Is(err, context.DeadlineExceeded) || loam.KindOf(err) != loam.Unavailable {
		t.Errorf("got %v", err)
	}
	if got := words(t.Context(), p, "dog"); got != "1 dog" {
		t.Errorf("next: got %q", got)
	}
	if _, err := p.Words(ctx, []byte("cat")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with no time left: got %v", err)
	}
}

func TestLongest(t *testing.T) {
	t.Parallel()
	p := stubbed(t, Config{Longest: 2 * time.Second})
	if got := words(t.Context(), p, "hang"); got != "unavailable" {
		t.Errorf("got %q", got)
	}
}

func TestLastWords(t *testing.T) {
	t.Parallel()
	_, err := stubbed(t, Config{}).Words(t.Context(), []byte("say"))
	if err == nil || !strings.Contains(err.Error(), "out of paint") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("got %v", err)
	}
}

// A child has no environment and, unless the system forbids it, no way to this machine.
func TestConfined(t *testing.T) {
	t.Parallel()
	p := stubbed(t, Config{})
	for name := range strings.FieldsSeq(words(t.Context(), p, "env")) {
		if name != "1" && !strings.HasPrefix(name, "LC_") { // Python coerces the locale
			t.Errorf("a child knows %s", name)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	alone, err := p.Try(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[bool]string{true: "2 alone", false: "2 reached"}[alone]
	if got := words(t.Context(), p, fmt.Sprint("dial ", l.Addr().(*net.TCPAddr).Port)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestClasses(t *testing.T) {
	t.Parallel()
	got, err := stubbed(t, Config{}).Classes(t.Context(), []byte("cat"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"drawing": 0, "hentai": .25, "neutral": 0, "porn": .75, "sexy": 0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// More ask than children run; each gets the answer to its own picture.
func TestManyAsk(t *testing.T) {
	t.Parallel()
	p := stubbed(t, Config{Children: 2})
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			picture := fmt.Sprint("cat", i)
			if got := words(t.Context(), p, picture); !strings.HasSuffix(got, " "+picture) {
				t.Errorf("%s: got %q", picture, got)
			}
		})
	}
	all.Wait()
}

func TestClose(t *testing.T) {
	t.Parallel()
	p := stubbed(t, Config{})
	begun, ended := make(chan bool), make(chan error)
	go func() {
		ended <- p.with(t.Context(), func(ctx context.Context, c *child) error {
			close(begun)
			_, err := c.ask(ctx, wantWords, []byte("hang"))
			return err
		})
	}()
	<-begun
	p.Close()
	if err := <-ended; loam.KindOf(err) != loam.Unavailable {
		t.Errorf("the one under way: got %v", err)
	}
	if got := words(t.Context(), p, "cat"); got != "unavailable" {
		t.Errorf("afterwards: got %q", got)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	p := Open(Config{Dir: t.TempDir()})
	defer p.Close()
	if _, err := p.Words(t.Context(), nil); !errors.Is(err, screen.ErrAbsent) || !errors.Is(p.Health(t.Context()), screen.ErrAbsent) {
		t.Errorf("an empty folder: got %v", err)
	}
	p = stubbed(t, Config{})
	if err := p.Health(t.Context()); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(p.folder(), "stub.onnx"), []byte("heavier"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Words(t.Context(), nil); loam.KindOf(err) != loam.Unavailable || !strings.Contains(err.Error(), "make parts") {
		t.Errorf("another model: got %v", err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	p := Open(Config{})
	defer p.Close()
	other := Open(Config{})
	defer other.Close()
	other.script += "\n"
	for _, names := range [][2]string{{p.OCR(), other.OCR()}, {p.Unsafe(), other.Unsafe()}} {
		if names[0] == names[1] || len(names[0]) != len(names[1]) {
			t.Errorf("another script is %q, this one %q", names[1], names[0])
		}
	}
	if p.FaceModel() != other.FaceModel() || p.VoiceModel() != other.VoiceModel() {
		t.Error("faces and voices are taken the same way by another script")
	}
	if len(p.models) != 7 || len(p.models[0].sum) != 64 {
		t.Errorf("pinned are %v", p.models)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"error": "MemoryError"}`, `{"lines": [{"text": "湖边", "score": 0.9}]}`, `{"lines": []}`, `{}`, `[]`, "null", "",
		`{"classes": {"drawing": 0.2, "hentai": 0, "neutral": 0.8, "porn": 0, "sexy": 0}}`, `{"lines": [{"text": 1}]}`,
		`{"voices": []}`, voicesSaid(2, 1), voicesSaid(1, 0.5),
	} {
		f.Add(byte('r'), []byte(s))
		f.Add(byte('u'), []byte(s))
		f.Add(byte('f'), []byte(s))
		f.Add(byte('v'), []byte(s))
	}
	f.Fuzz(func(t *testing.T, want byte, body []byte) {
		a, err := parse(want, body)
		given := 0
		for _, there := range []bool{err != nil, a.Error != "", a.Lines != nil, a.Classes != nil, a.Faces != nil, a.Voices != nil} {
			if there {
				given++
			}
		}
		if given != 1 {
			t.Fatalf("%q of %q: got %+v, %v", body, want, a, err)
		}
		for _, l := range a.Lines {
			if want != wantWords || !probable(l.Score) {
				t.Errorf("%q is taken for words: %+v", body, l)
			}
		}
		if a.Classes != nil && (want != wantClasses || len(a.Classes) != 5) {
			t.Errorf("%q is taken for classes", body)
		}
		if a.Faces != nil && want != wantFaces {
			t.Errorf("%q is taken for faces", body)
		}
		if a.Voices != nil && (want != wantVoices || heardIn(a.Voices) != nil) {
			t.Errorf("%q is taken for voices", body)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		`{"classes": {"drawing": 0.2, "hentai": 0, "neutral": 0.7, "porn": 0, "sexy": 0}}`,
		`{"classes": {"drawing": 2, "hentai": -1, "neutral": 0, "porn": 0, "sexy": 0}}`,
		`{"classes": {"drawing": 1, "hentai": 0, "neutral": 0, "porn": 0, "cats": 0}}`,
		`{"lines": []}`, `{"error": ""}`,
	} {
		if a, err := parse(wantClasses, []byte(s)); err == nil {
			t.Errorf("%s: got %+v", s, a)
		}
	}
	for _, s := range []string{"{\"lines\": [{\"text\": \"\xff\"}]}", `{"lines": [{"text": "a", "score": 1.5}]}`, `{"lines": null}`} {
		if a, err := parse(wantWords, []byte(s)); err == nil {
			t.Errorf("%s: got %+v", s, a)
		}
	}
}
