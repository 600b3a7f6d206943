package media

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"loam"
)

// Bounds of the front matter that is read as YAML, and of what is searched for a label in one
// that is longer.
const (
	maxFront     = 32 << 10
	maxLongFront = 1 << 20
)

// frontKey is the key of a label as a line of front matter.
var frontKey = regexp.MustCompile(`^["']?(?i:[\w-]*AIGC[\w-]*)["']?\s*:`)

// front is the YAML front matter of a text.
type front struct {
	from, to int // of the YAML between the fences
	newline  string
	root     *yaml.Node // its mapping
}

// readFront finds front matter: a first line ---, YAML that is a mapping, a line --- or
// ... again. Anything else is text without front matter; broken is set if it has the
// fences but not the YAML.
func readFront(b []byte) (f front, ok, broken bool) {
	start := bytes.TrimPrefix(b, []byte("\ufeff"))
	f.newline = "\n"
	if bytes.HasPrefix(start, []byte("---\r\n")) {
		f.newline = "\r\n"
	} else if !bytes.HasPrefix(start, []byte("---\n")) {
		return f, false, false
	}
	f.from = len(b) - len(start) + 3 + len(f.newline)
	at := f.from
	for at < len(b) && at-f.from <= maxFront {
		end := bytes.IndexByte(b[at:], '\n')
		next := at + end + 1
		if end < 0 {
			next = len(b)
		}
		if l := strings.TrimRight(string(b[at:next]), "\r\n "); l == "---" || l == "..." {
			f.to = at
			return f.parse(b)
		}
		at = next
	}
	return f, false, false
}

// longFront is what stands from the label's key on in front matter that is too long to be read,
// nil where there is none.
func longFront(b []byte) []byte {
	f, ok, broken := readFront(b)
	if ok || broken || f.from == 0 || f.to > 0 {
		return nil
	}
	at := f.from
	for line := range bytes.Lines(b[f.from:min(len(b), f.from+maxLongFront)]) {
		switch trimmed := bytes.TrimRight(line, "\r\n "); {
		case string(trimmed) == "---", string(trimmed) == "...":
			return nil
		case frontKey.Match(line):
			return b[at:min(len(b), at+maxRaw)]
		}
		at += len(line)
	}
	return nil
}

// labelText is the JSON in the line of a key, nothing where it is a mapping.
func labelText(head []byte) string {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if i := bytes.IndexByte(line, '{'); i >= 0 {
		return strings.TrimRight(string(line[i:]), "'\" \r")
	}
	return ""
}

func (f front) parse(b []byte) (front, bool, bool) {
	var doc yaml.Node
	if err := yaml.Unmarshal(b[f.from:f.to], &doc); err != nil {
		return f, false, true
	}
	if len(doc.Content) == 0 {
		f.root = &yaml.Node{Kind: yaml.MappingNode}
		return f, true, false
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		return f, false, false
	}
	f.root = doc.Content[0]
	return f, true, false
}

// textMarks reads the AIGC mapping of front matter, or its JSON in one string.
func textMarks(b []byte) []Found {
	if head := longFront(b); head != nil {
		return []Found{tooLong(labelText(head), "text.front_matter")}
	}
	f, ok, broken := readFront(b)
	if broken && bytes.Contains(b[f.from:f.to], []byte("AIGC")) {
		m := readRaw("", "text.front_matter")
		m.bad("yaml")
		return []Found{m}
	}
	if !ok {
		return nil
	}
	var out []Found
	left := maxFront // one text may be referred to many times
	for i := 0; i+1 < len(f.root.Content); i += 2 {
		if !isAIGC(f.root.Content[i].Value) {
			continue
		}
		value := yamlValue(f.root.Content[i+1])
		if left -= len(value.Value); left < 0 || len(out) >= maxMarks {
			out = append(out, tooLong("", "text.front_matter"))
			break
		}
		out = append(out, yamlMark(value))
	}
	if len(out) > 1 {
		for i := range out {
			out[i].bad("duplicate")
		}
	}
	return out
}

// yamlValue is what a node is, or refers to.
func yamlValue(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func yamlMark(n *yaml.Node) Found {
	if n.Kind != yaml.MappingNode {
		return readRaw(n.Value, "text.front_matter")
	}
	m := Found{Kind: KindImplicit, Place: "text.front_matter", Defects: []Defect{}}
	values := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i].Value, yamlValue(n.Content[i+1])
		name := ""
		for _, k := range markKeys {
			if strings.EqualFold(k, key) {
				name = k
			}
		}
		switch {
		case name == "":
			m.warn("unknown_key")
			continue
		case name != key:
			m.bad("key_case")
		}
		if v.Kind != yaml.ScalarNode || v.Tag != "!!str" {
			m.bad("type")
		}
		values[name] = v.Value
	}
	m.fillIn(values)
	return m
}

// textWrite puts the label into the front matter of a text, making one if there is none.
// Other keys and the text itself stay byte for byte.
func textWrite(b []byte, m loam.Mark) ([]byte, error) {
	f, ok, broken := readFront(b)
	if broken || longFront(b) != nil {
		return nil, loam.Fail(loam.Invalid, "label.front_matter")
	}
	if !ok {
		start := 0
		if bytes.HasPrefix(b, []byte("\ufeff")) {
			start = len("\ufeff")
		}
		nl := "\n"
		if bytes.Contains(b, []byte("\r\n")) {
			nl = "\r\n"
		}
		return splice(b, start, start, "---"+nl+yamlLabel(m, nl)+"---"+nl), nil
	}
	if f.root.Style&yaml.FlowStyle != 0 {
		return nil, loam.Fail(loam.Invalid, "label.front_matter")
	}
	kept, err := f.without(b)
	if err != nil {
		return nil, err
	}
	if kept != "" && !strings.HasSuffix(kept, "\n") {
		kept += f.newline
	}
	out := splice(b, f.from, f.to, kept+yamlLabel(m, f.newline))
	if got := textMarks(out); len(got) != 1 || got[0].Mark != m {
		return nil, loam.Fail(loam.Invalid, "label.front_matter") // a form of YAML that lines cannot be cut out of
	}
	return out, nil
}

// without is the front matter less the lines of its labels.
func (f front) without(b []byte) (string, error) {
	lines := strings.SplitAfter(string(b[f.from:f.to]), "\n")
	drop := map[int]bool{}
	c := f.root.Content
	for i := 0; i+1 < len(c); i += 2 {
		if !isAIGC(c[i].Value) {
			continue
		}
		end := len(lines)
		if i+2 < len(c) {
			end = c[i+2].Line - 1
		}
		if c[i].Line < 1 || end < c[i].Line {
			return "", loam.Fail(loam.Invalid, "label.front_matter")
		}
		for n := c[i].Line - 1; n < end; n++ {
			drop[n] = true
		}
	}
	var out strings.Builder
	for n, l := range lines {
		if !drop[n] {
			out.WriteString(l)
		}
	}
	return out.String(), nil
}

// yamlLabel writes every value quoted, so that YAML keeps "1" a string. The charset of a
// label has no backslash; its quotes are escaped.
func yamlLabel(m loam.Mark, nl string) string {
	var s strings.Builder
	s.WriteString("AIGC:" + nl)
	for i, v := range []string{m.Label, m.ContentProducer, m.ProduceID, m.ReservedCode1, m.ContentPropagator, m.PropagateID, m.ReservedCode2} {
		fmt.Fprintf(&s, "  %s: \"%s\"%s", markKeys[i], strings.ReplaceAll(v, `"`, `\"`), nl)
	}
	return s.String()
}
