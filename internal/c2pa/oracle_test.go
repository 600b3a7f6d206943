package c2pa

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tool finds a program, or skips: the gate fails without it.
func tool(t *testing.T, path, how string) string {
	t.Helper()
	program, err := exec.LookPath(path)
	if err != nil {
		if os.Getenv("LOAM_TEST_POSTGRES") != "" {
			t.Fatalf("the gate needs %s: %s", path, how)
		}
		t.Skipf("no %s; %s", path, how)
	}
	return program
}

func run(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(program), strings.Join(args, " "), err, complaints.Bytes())
	}
	return out
}

// rs is c2pa-rs with an installation's keys in a folder.
type rs struct {
	bundle
	dir, python string
	t           *testing.T
}

// rsVerdict is what c2pa-rs says of a file.
type rsVerdict struct {
	State     string                     `json:"state"`
	Error     string                     `json:"error"`
	Failures  []string                   `json:"failures"`
	Active    string                     `json:"active"`
	Manifests map[string]json.RawMessage `json:"manifests"`
}

func newRS(t *testing.T) rs {
	t.Helper()
	python := tool(t, "../../.cache/c2pa/bin/python", "scripts/tools.sh")
	now := time.Now()
	a, err := NewAuthority(rand.Reader, now, "Test")
	if err != nil {
		t.Fatal(err)
	}
	leaf, key, err := a.Leaf(rand.Reader, now)
	if err != nil {
		t.Fatal(err)
	}
	r := rs{bundle{Signer{Chain: []*x509.Certificate{leaf}, Key: key, Rand: rand.Reader, Now: now, Trust: NewTrust(a.Root)}, a.Root}, t.TempDir(), python, t}
	pem, err := EncodeKey(key)
	if err != nil {
		t.Fatal(err)
	}
	r.write("anchors.pem", EncodeChain(a.Root))
	r.write("chain.pem", EncodeChain(leaf, a.Root))
	r.write("key.pem", pem)
	return r
}

func (r rs) path(name string) string { return filepath.Join(r.dir, name) }

func (r rs) write(name string, b []byte) string {
	r.t.Helper()
	if err := os.WriteFile(r.path(name), b, 0o600); err != nil {
		r.t.Fatal(err)
	}
	return r.path(name)
}

func (r rs) bytes(name string) []byte {
	r.t.Helper()
	b, err := os.ReadFile(r.path(name))
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func (r rs) read(files ...string) []rsVerdict {
	r.t.Helper()
	out := run(r.t, r.python, append([]string{"testdata/c2pa_rs.py", "read", r.path("anchors.pem")}, files...)...)
	var v []rsVerdict
	if err := json.Unmarshal(out, &v); err != nil || len(v) != len(files) {
		r.t.Fatalf("%v: %s", err, out)
	}
	return v
}

func (r rs) sign(intent, file, out string) {
	r.t.Helper()
	run(r.t, r.python, "testdata/c2pa_rs.py", "sign", r.path("chain.pem"), r.path("key.pem"), intent, r.path(file), r.path(out))
}

func (r rs) inspect(b []byte) Report {
	r.t.Helper()
	report, err := Inspect(bytes.NewReader(b), r.Trust, r.Now)
	if err != nil {
		r.t.Fatal(err)
	}
	return report
}

// media makes one file of each container.
func (r rs) media() []string {
	r.t.Helper()
	ffmpeg := tool(r.t, "ffmpeg", "apt-get install ffmpeg")
	r.write("a.jpg", jpegOf(r.t, picture(160, 120)))
	r.write("a.png", pngOf(r.t, picture(160, 120)))
	video := []string{"-v", "error", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=10"}
	run(r.t, ffmpeg, append(slices.Clone(video), "-frames:v", "1", "-c:v", "libwebp", r.path("a.webp"))...)
	run(r.t, ffmpeg, append(slices.Clone(video), "-t", "1", "-pix_fmt", "yuv420p", r.path("a.mp4"))...)
	run(r.t, ffmpeg, append(slices.Clone(video), "-t", "1", "-pix_fmt", "yuv420p", "-movflags", "faststart", r.path("fast.mp4"))...)
	return []string{"a.jpg", "a.png", "a.webp", "a.mp4", "fast.mp4"}
}

// spoil changes one byte of what the file shows.
func spoil(name string, b []byte) []byte {
	b = bytes.Clone(b)
	at := len(b) - 40
	switch {
	case strings.HasSuffix(name, ".webp"):
		at = bytes.Index(b, []byte("VP8")) + 40
	case strings.HasSuffix(name, ".png"):
		at = bytes.Index(b, []byte("IDAT")) + 40
	case strings.HasSuffix(name, ".mp4"):
		at = bytes.Index(b, []byte("mdat")) + 40
	}
	b[at] ^= 1
	return b
}

// TestOursByRS: c2pa-rs trusts what is written here, knows what it says, and sees each change
// that is seen here.
func TestOursByRS(t *testing.T) {
	t.Parallel()
	r := newRS(t)
	claim := generated()
	claim.TrainingMining = map[string]Use{UseTraining: {Use: Constrained, Constraints: "ask first"}, UseMining: {Use: Allowed}}
	for _, name := range r.media() {
		first := sign(t, r.bytes(name), claim, r.Signer)
		second := sign(t, first, Claim{Generator: Agent{"loam", "2"}, Then: []Action{{Action: ActionPublished}}}, r.Signer)
		third := sign(t, second, Claim{Generator: Agent{"loam", "3"}}, r.Signer)
		onSpoilt := sign(t, spoil(name, first), Claim{Generator: Agent{"loam", "2"}}, r.Signer)
		opened := sign(t, r.bytes(name), Claim{Generator: Agent{"loam", "1"}}, r.Signer)
		files := [][]byte{first, second, third, onSpoilt, opened, spoil(name, first), spoil(name, third)}
		var paths []string
		for i, b := range files {
			paths = append(paths, r.write(string(rune('0'+i))+name, b))
		}
		states := []string{"trusted", "trusted", "trusted", "trusted", "trusted", "invalid", "invalid"}
		for i, v := range r.read(paths...) {
			ours := r.inspect(files[i])
			if got := strings.ToLower(v.State); got != states[i] || string(ours.State) != states[i] {
				t.Errorf("%s, file %d: c2pa-rs %s %s %v, here %s %+v; want %s", name, i, v.State, v.Error, v.Failures, ours.State, ours.Results, states[i])
			}
			if len(v.Manifests) != len(ours.Manifests) || ours.Active().Label != v.Active {
				t.Errorf("%s, file %d: c2pa-rs has %d manifests and %s, here %+v", name, i, len(v.Manifests), v.Active, ours.Manifests)
			}
			if i == 0 {
				checkSaid(t, v)
			}
		}
	}
}

// checkSaid holds what c2pa-rs reads in a manifest against what was claimed.
func checkSaid(t *testing.T, v rsVerdict) {
	t.Helper()
	var m struct {
		Assertions map[string]json.RawMessage `json:"assertion_store"`
	}
	if err := json.Unmarshal(v.Manifests[v.Active], &m); err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]string{
		labelTraining:   `{"entries":{"cawg.ai_generative_training":{"use":"notAllowed"},"cawg.ai_inference":{"use":"notAllowed"},"cawg.ai_training":{"constraints_info":"ask first","use":"constrained"},"cawg.data_mining":{"use":"allowed"}}}`,
		labelDisclosure: `{"contentProfile":{"humanOversightLevel":"none"},"modelName":"model","modelType":"c2pa.types.model"}`,
		labelActions:    `{"actions":[{"action":"c2pa.created","digitalSourceType":"` + SourceGenerated + `","softwareAgent":{"name":"model","version":"2"}}]}`,
	} {
		var got, wanted any
		if err := json.Unmarshal(m.Assertions[label], &got); err != nil {
			t.Errorf("%s: %v", label, err)
		}
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(wanted, got); d != "" {
			t.Errorf("%s: %s", label, d)
		}
	}
}

// TestRSByOurs: what c2pa-rs signs is judged here as it judges it itself, signed once, twice,
// and over a manifest of ours.
func TestRSByOurs(t *testing.T) {
	t.Parallel()
	r := newRS(t)
	for _, name := range r.media() {
		r.sign("created", name, "1"+name)
		r.sign("edit", "1"+name, "2"+name)
		r.write("ours"+name, sign(t, r.bytes(name), generated(), r.Signer))
		r.sign("edit", "ours"+name, "3"+name)
		r.write("4"+name, spoil(name, r.bytes("1"+name)))
		r.write("5"+name, sign(t, r.bytes("2"+name), Claim{Generator: Agent{"loam", "1"}}, r.Signer))
		names := []string{"1" + name, "2" + name, "3" + name, "4" + name, "5" + name}
		var paths []string
		for _, n := range names {
			paths = append(paths, r.path(n))
		}
		for i, v := range r.read(paths...) {
			ours := r.inspect(r.bytes(names[i]))
			if string(ours.State) != strings.ToLower(v.State) || len(ours.Manifests) != len(v.Manifests) {
				t.Errorf("%s: c2pa-rs %s %v, here %s %+v", names[i], v.State, v.Failures, ours.State, ours.Results)
			}
			var failed []string
			for _, f := range ours.Results {
				if f.Level == LevelFailure {
					failed = append(failed, f.Code)
				}
			}
			if d := cmp.Diff(v.Failures, failed, cmp.Transformer("nil", func(s []string) string { return strings.Join(s, " ") })); d != "" {
				t.Errorf("%s: failures: %s", names[i], d)
			}
		}
		want := Use{Use: Constrained, Constraints: "ask first"}
		report := r.inspect(r.bytes("1" + name))
		if m := report.Active(); m.May(UseTraining) != want || m.Signer != "Test" || m.Actions[0].SourceType != SourceGenerated {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

// TestAlgorithmsByRS: c2pa-rs checks the signatures of every kind of key.
func TestAlgorithmsByRS(t *testing.T) {
	t.Parallel()
	r := newRS(t)
	var anchors []byte
	var paths, names []string
	for name, key := range keys(t) {
		s := signerOf(t, key, r.Now)
		anchors = append(anchors, EncodeChain(s.root)...)
		names = append(names, name)
		paths = append(paths, r.write(name+".png", sign(t, pngOf(t, picture(16, 12)), generated(), s.Signer)))
	}
	r.write("anchors.pem", anchors)
	for i, v := range r.read(paths...) {
		if v.State != "Trusted" {
			t.Errorf("%s: %s %v", names[i], v.State, v.Failures)
		}
	}
}

// TestForeignTrust: another installation's file is valid here and by c2pa-rs, not trusted.
func TestForeignTrust(t *testing.T) {
	t.Parallel()
	r, other := newRS(t), newRS(t)
	b := sign(t, jpegOf(t, picture(64, 48)), generated(), other.Signer)
	if v := r.read(r.write("a.jpg", b))[0]; v.State != "Valid" || !slices.Contains(v.Failures, CodeUntrusted) {
		t.Errorf("c2pa-rs: %+v", v)
	}
	if got := r.inspect(b); got.State != Valid || !got.Has(CodeUntrusted) {
		t.Errorf("here: %+v", got)
	}
}

// TestExiftool: a third program follows the boxes, in several segments too.
func TestExiftool(t *testing.T) {
	t.Parallel()
	program := tool(t, "exiftool", "apt-get install libimage-exiftool-perl")
	s := setup(t)
	b := jpegOf(t, picture(160, 120))
	dir := t.TempDir()
	for i := range 30 {
		b = sign(t, b, generated(), s.Signer)
		if i != 0 && i != 29 {
			continue
		}
		file := filepath.Join(dir, "a.jpg")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		said := string(run(t, program, "-G3", "-JUMBF:all", "-validate", "-warning", "-b", file))
		if !strings.Contains(said, "trainedAlgorithmicMedia") || strings.Count(said, "c2pa.created") != 1 || strings.Contains(said, "Warning") {
			t.Errorf("%d manifests: %.2000s", i+1, said)
		}
	}
	if n := bytes.Count(b, binary.BigEndian.AppendUint16([]byte("JP"), 0x0211)); n < 2 {
		t.Errorf("%d segments", n)
	}
}
