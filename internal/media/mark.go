package media

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"

	"loam"
)

// maxRaw bounds a label's text; a strict one has about 300 bytes.
const maxRaw = 64 << 10

// The kinds of mark that are found.
const (
	KindImplicit = "gb45438"     // the metadata label of GB 45438-2025
	KindSource   = "source_type" // C2PA or IPTC digital source type
)

// Found is one mark of a file, however dirty.
type Found struct {
	Kind    string
	State   loam.AIState
	Mark    loam.Mark
	Place   string // jpeg.xmp, png.tEXt, text.front_matter …
	Raw     string // as it stood, for the record and for copies
	Defects []Defect
}

// Defect is what is wrong with a mark. It never hides the mark: a bad code lowers trust
// in who, not in whether.
type Defect struct {
	Code  string `json:"code"`
	Level string `json:"level"` // error: the standard forbids it; warn: verifiers differ
}

func (f *Found) bad(code string)  { f.add(Defect{code, "error"}) }
func (f *Found) warn(code string) { f.add(Defect{code, "warn"}) }

func (f *Found) add(d Defect) {
	for _, e := range f.Defects {
		if e == d {
			return
		}
	}
	f.Defects = append(f.Defects, d)
}

// Strict reports whether the mark is as a writer must make it.
func (f *Found) Strict() bool { return f.Kind == KindImplicit && len(f.Defects) == 0 }

// State is the strongest state of marks, NotAI if there are none.
func State(marks []Found) loam.AIState {
	s := loam.NotAI
	for _, m := range marks {
		s = s.Stronger(m.State)
	}
	return s
}

// Annex E j): what a value may hold; codes and ids may not hold the quote either.
func isValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x21 || c > 0x7e || c == '\\' {
			return false
		}
	}
	return true
}

var rawLabel = regexp.MustCompile(`(?i)"Label"\s*:\s*"([123])"`)

// IsID reports whether s may stand as a producer, propagator or content id: printable
// ASCII without space, quote and backslash (Annex E).
func IsID(s string) bool {
	return s != "" && len(s) <= 256 && isValue(s) && !strings.Contains(s, `"`)
}

// encodeMark is the label as it is written: seven keys in the standard's order, nothing
// escaped but the quote. Values outside the charset are Invalid, "label.charset". A producer
// who is not known is two empty values.
func encodeMark(m loam.Mark) (string, error) {
	if m.Label != "1" && m.Label != "2" && m.Label != "3" {
		return "", loam.Fail(loam.Invalid, "label.state", m.Label)
	}
	for _, v := range []string{m.ContentProducer, m.ProduceID, m.ContentPropagator, m.PropagateID} {
		if unnamed := v == "" && m.ContentProducer == m.ProduceID && m.ContentPropagator != ""; !IsID(v) && !unnamed {
			return "", loam.Fail(loam.Invalid, "label.charset")
		}
	}
	if !isValue(m.ReservedCode1) || !isValue(m.ReservedCode2) {
		return "", loam.Fail(loam.Invalid, "label.charset")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // a backslash may stand before a quote only
	if err := e.Encode(m); err != nil {
		return "", err
	}
	if b.Len() > maxRaw {
		return "", loam.Fail(loam.TooLarge, "label.too_long")
	}
	return strings.TrimSpace(b.String()), nil
}

// readRaw reads a label as leniently as real files ask and lists what is wrong with it.
func readRaw(raw, place string) Found {
	f := Found{Kind: KindImplicit, Place: place, Defects: []Defect{}}
	if len(raw) > maxRaw {
		f.bad("too_long")
		raw = raw[:maxRaw]
	}
	f.Raw = raw
	text := strings.Trim(raw, "\ufeff\x00 \r\n\t")
	if text != raw {
		f.warn("padding")
	}
	text = f.unwrapText(text)
	values, err := f.keys(text)
	if err != nil {
		f.bad("json")
		if m := rawLabel.FindStringSubmatch(raw); m != nil && values["Label"] == "" {
			values["Label"] = m[1]
		}
	}
	f.fillIn(values)
	return f
}

// unwrapText undoes one layer of URL or Base64 coding, which some tools leave on.
func (f *Found) unwrapText(s string) string {
	if strings.HasPrefix(s, "{") {
		return s
	}
	if strings.HasPrefix(strings.ToUpper(s), "%7B") {
		if u, err := url.QueryUnescape(s); err == nil {
			f.warn("encoded")
			return u
		}
	}
	if b, err := base64.StdEncoding.DecodeString(s); err == nil && bytes.HasPrefix(b, []byte("{")) {
		f.warn("encoded")
		return string(b)
	}
	return s
}

var markKeys = []string{"Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2"}

// foreignKeys are those of another cloud's schema.
var foreignKeys = []string{"ServiceProvider", "ServiceUser", "ContentId"}

// keys walks the label's JSON token by token: encoding/json's structs would accept wrong
// case and doubled keys in silence.
func (f *Found) keys(text string) (map[string]string, error) {
	out := map[string]string{}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := f.object(d, out, 0); err != nil {
		return out, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return out, errString("label: more behind the object")
	}
	return out, nil
}

func (f *Found) object(d *json.Decoder, out map[string]string, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') || depth > 2 {
		return errString("label: not an object")
	}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return err
		}
		key, _ := k.(string)
		if strings.EqualFold(key, "AIGC") {
			if err := f.wrapped(d, out, depth); err != nil {
				return err
			}
			continue
		}
		if err := f.value(d, key, out); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// wrapped reads the value of an outer AIGC key: the object, or its text in a string.
func (f *Found) wrapped(d *json.Decoder, out map[string]string, depth int) error {
	var v json.RawMessage
	if err := d.Decode(&v); err != nil {
		return err
	}
	text := string(v)
	var s string
	if json.Unmarshal(v, &s) == nil {
		f.warn("nested_string")
		text = s
	}
	inner := json.NewDecoder(strings.NewReader(text))
	inner.UseNumber()
	return f.object(inner, out, depth+1)
}

func (f *Found) value(d *json.Decoder, key string, out map[string]string) error {
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	name := ""
	for _, k := range markKeys {
		if k == key {
			name = k
		} else if name == "" && strings.EqualFold(k, key) {
			name = k
			f.bad("key_case")
		}
	}
	if name == "" {
		f.warn("unknown_key")
		for _, k := range foreignKeys {
			if k == key {
				f.warn("foreign_schema")
			}
		}
		return nil
	}
	s, ok := v.(string)
	if !ok {
		f.bad("type")
		if n, isNumber := v.(json.Number); isNumber {
			s = n.String()
		}
	}
	if old, twice := out[name]; twice {
		f.bad("duplicate_key")
		if name == "Label" && stateOf(old).Stronger(stateOf(s)) == stateOf(old) {
			s = old
		}
	}
	out[name] = s
	return nil
}

// fillIn judges the values: which state they give and what is wrong with each.
func (f *Found) fillIn(v map[string]string) {
	f.Mark = loam.Mark{
		Label: v["Label"], ContentProducer: v["ContentProducer"], ProduceID: v["ProduceID"], ReservedCode1: v["ReservedCode1"],
		ContentPropagator: v["ContentPropagator"], PropagateID: v["PropagateID"], ReservedCode2: v["ReservedCode2"],
	}
	for _, k := range markKeys {
		s, there := v[k]
		switch {
		case !there:
			f.bad("missing_key")
		case !isValue(s):
			f.warn("charset")
		}
	}
	if strings.Contains(strings.ReplaceAll(f.Raw, `\"`, ""), `\`) {
		f.warn("charset")
	}
	f.State = stateOf(f.Mark.Label)
	if l := f.Mark.Label; l != "1" && l != "2" && l != "3" {
		f.bad("label_value")
		for _, d := range f.Defects {
			if d.Code == "foreign_schema" {
				f.State = loam.IsAI
			}
		}
	}
	for _, code := range []string{f.Mark.ContentProducer, f.Mark.ContentPropagator} {
		if looksLikeCode(code) && CheckCode(code) != nil {
			f.warn("producer_code")
		}
	}
}

// stateOf reads a Label value: the three of the standard, full-width forms, and the words
// tools write instead. What cannot be read is suspected: the field is there.
func stateOf(label string) loam.AIState {
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "1", "１", "aigc", "ai", "true", "yes":
		return loam.IsAI
	case "2", "２":
		return loam.MayAI
	default:
		return loam.SuspectedAI
	}
}
