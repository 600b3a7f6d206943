package terms

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"loam"
)

// program finds a program that is not ours. Without it the test is skipped, but the gate needs
// it.
func program(t *testing.T, path, how string) string {
	t.Helper()
	found, err := exec.LookPath(path)
	if err == nil {
		return found
	}
	if os.Getenv("LOAM_TEST_POSTGRES") != "" {
		t.Fatalf("the gate needs %s: %s", path, how)
	}
	t.Skipf("no %s; %s", path, how)
	return ""
}

// ask runs a program of Python's over a value and reads its answer.
func ask(t *testing.T, script string, question, answer any) {
	t.Helper()
	python, err := filepath.Abs("../../.cache/oracles/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	python = program(t, python, "make tools")
	in, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), python, "-c", "import json, sys\nquestion = json.load(sys.stdin)\n"+script)
	var complaint bytes.Buffer
	c.Stdin, c.Stderr = bytes.NewReader(in), &complaint
	out, err := c.Output()
	if err != nil {
		if strings.Contains(complaint.String(), "ModuleNotFoundError") && os.Getenv("LOAM_TEST_POSTGRES") == "" {
			t.Skip("older Python packages; make tools")
		}
		t.Fatalf("%v\n%s", err, complaint.String())
	}
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestXmllint: a parser that is not ours takes every document and finds the same usages in it.
func TestXmllint(t *testing.T) {
	t.Parallel()
	xmllint := program(t, "xmllint", "apt-get install libxml2-utils")
	list := func(doc []byte, xpath string) string {
		c := exec.CommandContext(t.Context(), xmllint, "--nonet", "--xpath", xpath, "-")
		c.Stdin = bytes.NewReader(doc)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s\n%s", err, out, doc)
		}
		return strings.TrimSpace(string(out))
	}
	want := []string{"|all", "search|ai-index ai-input ai-train", "search ai-index ai-input|ai-train", "search ai-index ai-input ai-train|", "|all"}
	const usage = `//*[namespace-uri()='` + nsRSL + `' and local-name()='%s' and @type='usage']`
	for i, w := range telling() {
		doc := w.RSL()
		got := list(doc, fmt.Sprintf("concat("+usage+", '|', "+usage+")", "permits", "prohibits"))
		diff(t, states[i], want[i], got)
		diff(t, states[i], w.Owner, list(doc, "string(//*[local-name()='copyright'])"))
	}
	nasty := decided(0, loam.UseIndex)
	nasty.Owner, nasty.Licence, nasty.Contact = "a\x00\x0b]]>\ufffe\"'<!--", "https://loam.example/?a=1&b=<\">", "\r\n\t"
	nasty.URL = "https://loam.example/\"'<>&\x01"
	diff(t, "names nobody should have", "search", list(nasty.RSL(), fmt.Sprintf("string("+usage+")", "permits")))
}

// random makes strings of pieces, the same ones every time.
func random(n int, pieces []string) []string {
	r := rand.New(rand.NewPCG(9651, 9309))
	out := make([]string, n)
	for i := range out {
		for range 1 + r.IntN(9) {
			out[i] += pieces[r.IntN(len(pieces))]
		}
	}
	return out
}

// TestStructuredFields: our parser and http_sf take and refuse the same fields, and read the
// same tokens out of them. Of a key that is repeated http_sf keeps the last.
func TestStructuredFields(t *testing.T) {
	t.Parallel()
	fields := append(random(4000, []string{
		"a", "b", "train-ai", "*", "A", "=", "=", "=", "y", "n", ",", ", ", " ", "\t", ";", "; ", "(", ")", "\"", "\\", "x", "1", "-", ".", "12", "?0", "?1", "?",
		":", "aGk=", "@", "@1", "%\"", "%e6%9e%97", "%E6", "/", "_", "1.5", "\"x, y\"", "(a b)", ":aGk=:", "é",
	}),
		"", " ", "a=1", "a=-", "a=1.", "a=1234567890123456", "a=123456789012345", "a=1234567890123.1", "a=123456789012.123", "a=0.1234", "a=-0",
		"a=()", "a=( )", "a=(b", "a=(b c);d", "a=(b;c=1 d)", "a=(b,c)", "a=\"b", "a=\"\\b\"", "a=\"\\\"\"", "a=b,", ",a", "a,,b", "a ,b", "a, b", "a;b=c", "a=b ;c",
		"a=@1", "a=@-1", "a=@1.5", "a=%\"x\"", "a=%\"%e6\"", "a=%x", "a=:a:", "a=::", "a=:é:", "a=?2", "a;*b", "a.b-c_d*e=f", "a=b:c/d", "A=b", "a=é", "a=\"é\"")
	var answers []map[string]*string
	ask(t, `
import http_sf
out = []
for f in question:
    try:
        d = http_sf.parse(f.encode("utf-8"), tltype="dictionary")
        out.append({k: (str(v[0]) if isinstance(v[0], http_sf.Token) else "") for k, v in d.items()})
    except Exception:
        out.append(None)
json.dump(out, sys.stdout)`, fields, &answers)
	taken := 0
	for i, f := range fields {
		members, err := dictionary(f)
		if (err == nil) != (answers[i] != nil) {
			t.Errorf("%q: we say %v, http_sf %v", f, err, answers[i])
			continue
		}
		last := map[string]*string{}
		for _, m := range members {
			last[m.key] = &m.value
		}
		if err == nil {
			taken++
			diff(t, f, answers[i], last)
		}
	}
	if taken < 100 || len(fields)-taken < 100 {
		t.Errorf("%d of %d fields are taken: too one-sided", taken, len(fields))
	}
}

// TestPatterns: our patterns and protego's, a parser of robots.txt, cover the same paths.
func TestPatterns(t *testing.T) {
	t.Parallel()
	pieces := []string{"/", "a", "b", "ab", "x/y", "?q", "%41", "%7e", "~", "%2F", "é", "."}
	type question struct{ Pattern, Path string }
	patterns, paths := random(4000, append(pieces, "*", "*", "$")), random(4000, pieces)
	questions := make([]question, len(patterns))
	for i := range questions {
		p := patterns[i]
		if i%3 == 0 {
			p = paths[i][:len(paths[i])/2] + "*" + patterns[i]
		}
		questions[i] = question{"/" + strings.ToValidUTF8(p, ""), "/" + paths[i]}
	}
	var answers []bool
	ask(t, `
from protego import Protego
out = []
for q in question:
    out.append(not Protego.parse("User-agent: *\nDisallow: " + q["Pattern"] + "\n").can_fetch("https://a.example" + q["Path"], "x"))
json.dump(out, sys.stdout)`, questions, &answers)
	covered := 0
	for i, q := range questions {
		_, path, err := page(q.Path)
		if err != nil && strings.HasPrefix(q.Path, "//") {
			continue
		}
		got, err := match(q.Pattern, path)
		if err != nil || got != answers[i] {
			t.Errorf("%q on %q: we say %t %v, protego %t", q.Pattern, q.Path, got, err, answers[i])
		}
		if got {
			covered++
		}
	}
	if covered < 100 {
		t.Errorf("only %d of %d are covered", covered, len(questions))
	}
}
