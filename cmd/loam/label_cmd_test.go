package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loam"
	"loam/internal/label"
)

// typed runs one command line and gives its exit code and what it said.
func typed(t *testing.T, args ...string) (code int, out, told string) {
	t.Helper()
	var o, e bytes.Buffer
	a := &app{ctx: t.Context(), in: strings.NewReader(""), out: &o, err: &e, getenv: func(string) string { return "" }}
	code = run(a, args)
	return code, o.String(), e.String()
}

func filesIn(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestInspectTells: every file that cannot be read is named once, with a sentence.
func TestInspectTells(t *testing.T) {
	t.Parallel()
	dir := filesIn(t, map[string]string{"note.md": "# a\n", "bin": "\x00\x01\x02"})
	bin := filepath.Join(dir, "bin")
	code, out, told := typed(t, "inspect", filepath.Join(dir, "note.md"), bin, filepath.Join(dir, "gone"))
	if code != 1 || strings.Count(out, "\n") != 1 || strings.Count(told, bin+": This kind of file is not known") != 1 || strings.Count(told, "gone") != 1 || !strings.Contains(told, "2 of 3 files") {
		t.Errorf("files: %d %q %q", code, out, told)
	}
	if _, _, told = typed(t, "inspect", bin); strings.Count(told, "\n") != 1 {
		t.Errorf("one file: %q", told)
	}
	for _, where := range []string{dir, bin} {
		code, _, told = typed(t, "inspect", where)
		if code != 1 || strings.Count(told, "This kind of file is not known") != 1 || strings.Contains(told, "file.type") {
			t.Errorf("%s: %d %q", where, code, told)
		}
	}
}

// TestNamesAreNotOrders: a file's name cannot steer the terminal or begin a line.
func TestNamesAreNotOrders(t *testing.T) {
	t.Parallel()
	const name = "a\x1b[2J\nb.md"
	if said := described(name, label.Report{State: loam.NotAI}); strings.ContainsRune(said, 0x1b) || strings.Count(said, "\n") != 1 {
		t.Errorf("%q", said)
	}
	_, _, told := typed(t, "inspect", filesIn(t, map[string]string{name: "\x00\x01\x02"}))
	if strings.ContainsRune(told, 0x1b) || strings.Count(told, "\n") != 2 {
		t.Errorf("%q", told)
	}
}

// TestLabelTells: of a folder every file that was left out is named with a sentence; what is
// no Markdown by its name is not written as Markdown.
func TestLabelTells(t *testing.T) {
	t.Parallel()
	dir := filesIn(t, map[string]string{
		"note.md": "# a\n", "note.txt": "a\n", "README": "a\n",
		"a.json": `{"a":1}`, "a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>", "run.sh": "#!/bin/sh\n", "a.csv": "a,b\n", "bin": "\x00\x01\x02",
	})
	to := filepath.Join(t.TempDir(), "out")
	code, _, told := typed(t, "label", "--state", "is", "--producer", "lab", dir, "-o", to)
	if code != 1 || strings.Count(told, "This kind of file is not known") != 5 || !strings.Contains(told, "5 of 8 files") || strings.Contains(told, "file.type") {
		t.Errorf("%d %q", code, told)
	}
	for _, name := range []string{"note.md", "note.txt", "README"} {
		if _, err := os.Stat(filepath.Join(to, name)); err != nil {
			t.Error(err)
		}
	}
	code, _, told = typed(t, "label", "--state", "is", "--producer", "lab", "--cert", filepath.Join(dir, "README"), filepath.Join(dir, "note.md"), "-o", to+"2")
	if code != 2 || !strings.Contains(told, "--cert and --key go together") {
		t.Errorf("half a pair: %d %q", code, told)
	}
}

// TestLabelPropagator: a distribution service's code as who made the content is written and warned of, once
// (C11 of the label facts); a file that is labelled already carries it rightly, as its propagator's.
func TestLabelPropagator(t *testing.T) {
	t.Parallel()
	const producer, propagator, said = "001191000000000000000K10000", "001191000000000000000K20000", "is a distribution service's code"
	dir := filesIn(t, map[string]string{"a.md": "# a\n", "b.md": "# b\n"})
	to := t.TempDir()
	one, out := filepath.Join(to, "a.md"), filepath.Join(to, "out")
	for _, tt := range []struct {
		name, code, in, out string
		warned              int
	}{
		{"a first write", propagator, filepath.Join(dir, "a.md"), filepath.Join(to, "x.md"), 1},
		{"a folder", propagator, dir, out, 1},
		{"a producer's", producer, filepath.Join(dir, "a.md"), one, 0},
		{"one that is labelled", propagator, one, filepath.Join(to, "y.md"), 0},
	} {
		code, _, told := typed(t, "label", "--state", "is", "--producer", tt.code, tt.in, "-o", tt.out)
		if code != 0 || strings.Count(told, said) != tt.warned {
			t.Errorf("%s: %d %q", tt.name, code, told)
		}
	}
	for code, level := range map[string]string{"": "optional", "lab": "ok", producer: "ok", propagator: "optional"} {
		c := doctorCmd{config: config{LabelProducer: code}}
		if k := c.producerCheckup(); k.Level != level || strings.Contains(k.Detail, said) != (code == propagator) || (k.Fix == "") != (level == "ok") {
			t.Errorf("doctor of %q: %+v", code, k)
		}
	}
}
