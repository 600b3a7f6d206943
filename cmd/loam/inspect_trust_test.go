package main

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/label"
)

// TestInspectTrust: a signature is trusted of whom the caller says she trusts, by a root, by a
// key or by an installation's folder, and of nobody else. A key alone vouches for a label's words.
func TestInspectTrust(t *testing.T) {
	t.Parallel()
	h, other := newHouse(t, withProducer), newHouse(t, withProducer)
	signer, err := h.manifests.signer()
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := label.File(noisyJPEG(t, 64, 64), label.Options{
		State: loam.IsAI, Producer: "lab", ContentID: "n1", Seal: h.signer.sealer(), Source: "trainedAlgorithmicMedia",
		Manifest: &label.Manifest{Signer: signer, Claim: c2pa.Claim{Generator: c2pa.Agent{Name: "Loam"}, Created: true, SourceType: c2pa.SourceComposite, Agent: c2pa.Agent{Name: "Loam"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, empty := filepath.Join(dir, "a.jpg"), filepath.Join(dir, "empty")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	root := func(h *house) string { return filepath.Join(h.config.Data, "keys", labelRoot) }
	key := h.signer.pinned()[0]
	for _, tt := range []struct {
		name        string
		args        []string
		seal, claim string
	}{
		{"nobody", nil, label.SignedValid, label.SignedValid},
		{"a root", []string{"--trust", root(h)}, label.SignedValid, label.SignedTrusted},
		{"several roots", []string{"--trust", root(other), "--trust", root(h)}, label.SignedValid, label.SignedTrusted},
		{"another root", []string{"--trust", root(other)}, label.SignedValid, label.SignedValid},
		{"a key", []string{"--key", strings.Repeat("00", 32), "--key", strings.ToUpper(key)}, label.SignedKnown, label.SignedValid},
		{"an installation", []string{"--data", h.config.Data}, label.SignedTrusted, label.SignedTrusted},
		{"another installation", []string{"--data", other.config.Data}, label.SignedValid, label.SignedValid},
	} {
		code, out, told := typed(t, append([]string{"inspect", file}, tt.args...)...)
		var r label.Report
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
			t.Fatalf("%s: %d %q %v", tt.name, code, told, err)
		}
		worth := map[string]string{}
		for _, m := range r.Marks {
			worth[m.Kind] = m.Signature
		}
		if worth["gb45438"] != tt.seal || worth[label.KindManifest] != tt.claim {
			t.Errorf("%s: got %v, want the seal %s and the manifest %s", tt.name, worth, tt.seal, tt.claim)
		}
	}
	for name, args := range map[string][]string{
		"no key":          {"--key", "zz"},
		"a short key":     {"--key", hex.EncodeToString([]byte("short"))},
		"no certificate":  {"--trust", file},
		"no installation": {"--data", empty},
		"no folder":       {"--data", filepath.Join(dir, "gone")},
	} {
		if code, out, told := typed(t, append([]string{"inspect", file}, args...)...); code != 2 || out != "" || !strings.Contains(told, args[0]) {
			t.Errorf("%s: %d %q %q", name, code, out, told)
		}
	}
}

// TestInspectTrustDamaged: a damaged key file of an installation is told, not passed over.
func TestInspectTrustDamaged(t *testing.T) {
	t.Parallel()
	for _, name := range []string{labelRoot, keyFile} {
		data := t.TempDir()
		if err := os.Mkdir(filepath.Join(data, "keys"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(data, "keys", name), []byte("not a key"), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, told := typed(t, "inspect", filesIn(t, map[string]string{"a.md": "a\n"}), "--data", data); code != 1 || !strings.Contains(told, name) {
			t.Errorf("%s: %d %q", name, code, told)
		}
	}
}
