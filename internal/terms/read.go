package terms

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"loam/internal/c2pa"
)

// MaxDoc bounds a document that Read takes, in bytes: whatever is longer is a no.
const MaxDoc = maxTDMRep

// Sources lists where terms may come from.
func Sources() []Source {
	return []Source{FromRobots, FromRSL, FromContentUsage, FromContentSignal, FromCAWG, FromTDMRep}
}

// Located reports whether a source speaks of pages by their address.
func (s Source) Located() bool { return s == FromRobots || s == FromRSL || s == FromTDMRep }

// Read reads what one document says of the page at a URL: a robots.txt, an RSL licence, a
// tdmrep.json, the value of a Content-Usage or Content-Signal (with or without its name before it),
// or a CAWG assertion as JSON. What it names and is not in it, such as the RSL licence of a
// robots.txt, is listed and is a no to everything; so is a source nobody knows.
func Read(from Source, doc []byte, at string, media []Medium, domain string) (s Signals, unread []string) {
	if len(doc) > MaxDoc {
		return refused(from, everything), nil
	}
	switch from {
	case FromRobots:
		if s, unread = ReadRobots(doc, at, media); len(unread) > 0 {
			s = Combine(refused(FromRSL, everything), s)
		}
		return s, unread
	case FromRSL:
		return ReadRSL(doc, at, media), nil
	case FromContentUsage:
		return ReadContentUsage(valueOf(doc, "content-usage"), media), nil
	case FromContentSignal:
		return ReadContentSignal(valueOf(doc, "content-signal"), media), nil
	case FromCAWG:
		entries, err := assertion(doc)
		if err != nil {
			return refused(FromCAWG, ai), nil
		}
		return ReadCAWG(entries, media, domain), nil
	case FromTDMRep:
		return ReadTDMRep(doc, at, media), nil
	}
	return refused(from, everything), nil
}

// valueOf is a field's value, without the name that may stand before it.
func valueOf(doc []byte, name string) string {
	value := strings.TrimSpace(string(doc))
	if label, rest, ok := strings.Cut(value, ":"); ok && strings.EqualFold(strings.TrimSpace(label), name) {
		return strings.TrimSpace(rest)
	}
	return value
}

var errAssertion = errors.New("cawg: not an assertion of training and data mining")

// assertion reads the JSON form of cawg.training-mining: the entries, alone or under their name. A
// label twice is a no, as is one whose value says more than its use.
func assertion(doc []byte) (map[string]c2pa.Use, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	found, twice, err := object(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errAssertion
	}
	if inner, ok := found["entries"]; ok {
		if twice["entries"] {
			return nil, errAssertion
		}
		if found, twice, err = object(json.NewDecoder(bytes.NewReader(inner))); err != nil {
			return nil, err
		}
	}
	if len(found) == 0 {
		return nil, errAssertion
	}
	entries := map[string]c2pa.Use{}
	for label, raw := range found {
		e, again, err := object(json.NewDecoder(bytes.NewReader(raw)))
		var use string
		if err != nil || json.Unmarshal(e["use"], &use) != nil {
			return nil, errAssertion
		}
		entries[label] = c2pa.Use{Use: use}
		if len(e) > 1 || len(again) > 0 || twice[label] {
			entries[label] = c2pa.Use{Use: c2pa.NotAllowed}
		}
	}
	return entries, nil
}

// object reads one JSON object, and which of its keys stand there more than once: encoding/json
// keeps the last, which may not be the strictest.
func object(d *json.Decoder) (values map[string]json.RawMessage, twice map[string]bool, err error) {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, errAssertion
	}
	values, twice = map[string]json.RawMessage{}, map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, nil, errAssertion
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, nil, errAssertion
		}
		name, _ := key.(string) // a key is a string, or Token fails
		if _, was := values[name]; was {
			twice[name] = true
		}
		values[name] = raw
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, errAssertion
	}
	return values, twice, nil
}
