package media

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"loam"
)

// yamlReads prints what PyYAML reads of the front matter of files, one a line.
const yamlReads = `
import sys, re, json, yaml
for name in sys.argv[1:]:
    text = open(name, encoding="utf-8-sig", newline="").read()
    front = re.match(r"---\r?\n(.*?)^(?:---|\.\.\.)[ ]*\r?$", text, re.S | re.M)
    print(json.dumps(yaml.safe_load(front.group(1)) if front else None))
`

// byPyYAML is what PyYAML reads of the front matter of texts.
func byPyYAML(t *testing.T, texts map[string][]byte) map[string]map[string]any {
	t.Helper()
	dir, names := t.TempDir(), slices.Sorted(maps.Keys(texts))
	args := []string{"-c", yamlReads}
	for _, name := range names {
		args = append(args, save(t, filepath.Join(dir, strings.NewReplacer(" ", "-", ",", "").Replace(name)+".md"), texts[name]))
	}
	lines := strings.Split(strings.TrimSpace(say(t, python(t), args...)), "\n")
	if len(lines) != len(names) {
		t.Fatalf("%d answers of %d texts", len(lines), len(names))
	}
	out := map[string]map[string]any{}
	for i, name := range names {
		var front map[string]any
		if err := json.Unmarshal([]byte(lines[i]), &front); err != nil {
			t.Fatalf("%s: %q: %v", name, lines[i], err)
		}
		out[name] = map[string]any{}
		maps.Copy(out[name], front)
	}
	return out
}

// TestYAMLReaders: PyYAML reads the label that is written into a text, as strings, and the other
// keys of its front matter as before.
func TestYAMLReaders(t *testing.T) {
	t.Parallel()
	before, after := map[string][]byte{}, map[string][]byte{}
	for name, text := range map[string]string{
		"no front matter":     "湖边\n",
		"byte order mark":     "\ufeff湖边\n",
		"Windows":             "湖边\r\n一\r\n",
		"nothing in it":       "---\n---\nx\n",
		"others":              "---\ntitle: 一\ntags: [a, b]\n---\nx\n",
		"others, Windows":     "---\r\ntitle: 一\r\nn: 1\r\n---\r\nx\r\n",
		"others behind":       "---\nAIGC: {Label: 1}\ntitle: \"a: b\"\n...\nx\n",
		"others around":       "---\na: |\n  two\n  lines\n\nAIGC:\n  Label: \"1\"\n  ContentProducer: \"\"\n# said\nb: {c: d}\n---\nx\n",
		"a comment":           "---\n# said\n---\nx\n",
		"a label in a string": "---\nAIGC: '" + strictJSON + "'\nb: 2\n---\nx\n",
		"a rule, not a fence": "--- \nx\n",
	} {
		before[name], after[name] = []byte(text), onlyLabel(t, name, []byte(text))
	}
	was, is := byPyYAML(t, before), byPyYAML(t, after)
	for name := range before {
		said, err := json.Marshal(is[name]["AIGC"])
		if err != nil {
			t.Fatal(err)
		}
		isLabel(t, name+" by PyYAML", string(said))
		delete(is[name], "AIGC")
		delete(was[name], "AIGC")
		diff(t, name+", other keys", was[name], is[name])
	}
}

// TestYAMLForms: a label in whatever form YAML allows is read as PyYAML reads it.
func TestYAMLForms(t *testing.T) {
	t.Parallel()
	texts := map[string][]byte{}
	for name, front := range map[string]string{
		"quoted":          "AIGC:\n  Label: \"1\"\n  ContentProducer: 'it''s'\n  ProduceID: \"a\\\"b\\u0041\"\n",
		"plain":           "AIGC:\n  Label: 2\n  ContentProducer: lab\n  ProduceID: n-1 # said\n",
		"flow":            "AIGC: {Label: '3', ContentProducer: lab, \"ProduceID\": n1}\n",
		"flow over lines": "AIGC: {\n  Label: '3',\n  ContentProducer: lab\n  }\n",
		"JSON":            "AIGC: " + strictJSON + "\n",
		"JSON quoted":     "AIGC: '" + strictJSON + "'\n",
		"JSON folded":     "AIGC: >-\n  " + strings.Replace(strictJSON, ",", ",\n  ", 2) + "\n",
		"JSON literal":    "AIGC: |\n  " + strictJSON + "\n",
		"references":      "one: &l '1'\nwho: &p lab\nAIGC:\n  Label: *l\n  ContentProducer: *p\n",
		"a reference":     "mine: &m {Label: '1', ContentProducer: lab}\nAIGC: *m\n",
		"a JSON text's":   "mine: &m '" + strictJSON + "'\nAIGC: *m\n",
		"a tag":           "AIGC: !!map\n  Label: !!str 1\n  ContentProducer: lab\n",
		"a quoted key":    "'AIGC' :\n  \"Label\" : '1'\n  ? ContentProducer\n  : lab\n",
		"after others":    "a: |\n  AIGC: no\nb:\n  AIGC: {Label: '3'}\nAIGC: {Label: '1'}\n",
	} {
		texts[name] = []byte("---\n" + front + "---\nx\n")
	}
	for name, said := range byPyYAML(t, texts) {
		var want loam.Mark
		raw, err := json.Marshal(said["AIGC"])
		if text, ok := said["AIGC"].(string); ok {
			raw = []byte(text)
		}
		if err == nil {
			raw = []byte(strings.Replace(string(raw), `"Label":2`, `"Label":"2"`, 1))
			err = json.Unmarshal(raw, &want)
		}
		if err != nil {
			t.Fatalf("%s: %s: %v", name, raw, err)
		}
		found, err := Read(texts[name])
		if err != nil || len(found) != 1 || found[0].Mark != want {
			t.Errorf("%s: %+v, %v; PyYAML reads %+v", name, found, err, want)
		}
	}
}
