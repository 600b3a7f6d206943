package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"loam/internal/label"
)

// outside gives a program that is not ours. Without it the test is skipped, but the gate needs it.
func outside(t *testing.T, program, mend string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil && os.Getenv("LOAM_TEST_POSTGRES") != "" {
		t.Fatalf("the gate needs %s: %s", program, mend)
	}
	if err != nil {
		t.Skipf("no %s; %s", program, mend)
	}
	return path
}

// TestOwnCertificate: the commands of the manual make a certificate that signs content, and whoever
// trusts its authority trusts that, c2pa-rs too.
func TestOwnCertificate(t *testing.T) {
	t.Parallel()
	outside(t, "openssl", "apt-get install openssl")
	manual, err := os.ReadFile("../../docs/labels.md")
	if err != nil {
		t.Fatal(err)
	}
	recipe := regexp.MustCompile("(?s)### A certificate of one's own\n.*?```sh\n(.*?)```").FindSubmatch(manual)
	if recipe == nil {
		t.Fatal("the manual has no recipe")
	}
	dir := t.TempDir()
	made := exec.CommandContext(t.Context(), outside(t, "sh", ""), "-ec", string(recipe[1]))
	made.Dir = dir
	if said, err := made.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("in.jpg"), noisyJPEG(t, 64, 64), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, told := typed(t, "label", "--state", "is", "--producer", "lakeside", "--source", "trainedAlgorithmicMedia", "--cert", at("CHAIN.pem"), "--key", at("KEY.pem"), at("in.jpg"), "-o", at("out.jpg"))
	if code != 0 {
		t.Fatal(told)
	}
	for trust, want := range map[string]string{"": label.SignedValid, at("CA.pem"): label.SignedTrusted, at("CHAIN.pem"): label.SignedTrusted} {
		args := []string{"inspect", at("out.jpg")}
		if trust != "" {
			args = append(args, "--trust", trust)
		}
		code, out, told := typed(t, args...)
		var r label.Report
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
			t.Fatal(err, told)
		}
		m := r.Marks[len(r.Marks)-1]
		if m.Kind != label.KindManifest || m.Signature != want || m.Signer != "Lakeside" {
			t.Errorf("trusting %q: %+v", filepath.Base(trust), m)
		}
	}
	python := outside(t, "../../.cache/c2pa/bin/python", "scripts/tools.sh")
	said, err := exec.CommandContext(t.Context(), python, "../../internal/c2pa/testdata/c2pa_rs.py", "read", at("CA.pem"), at("out.jpg")).Output()
	if err != nil || !strings.Contains(string(said), `"state": "Trusted"`) {
		t.Errorf("c2pa-rs: %s, %v", said, err)
	}
}
