package terms

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
)

// TDMHeader are the values of the HTTP fields tdm-reservation and tdm-policy (TDM Reservation
// Protocol, final report of 10 May 2024). To reserve nothing is to let anybody analyse the work
// for any purpose, so it is said only of a work all of whose uses are allowed.
func (w *Work) TDMHeader() (reservation, policy string) {
	if w.mining().free() {
		return "0", ""
	}
	return "1", w.Licence
}

// maxLocations bounds the file of a site.
const maxLocations = 10_000

// TDMRep writes a site's /.well-known/tdmrep.json: the works that reserve nothing, at most
// 10,000 of them, then everything else as reserved under the terms of a page, "" for none. A
// reader that takes the first location that matches and one that takes the longest read the
// same.
func TDMRep(works []Work, policy string) []byte {
	free := map[string]bool{} // two works at one place have what both have
	var paths []string
	for i := range works {
		path, ok := literal(works[i].URL)
		yes := ok && works[i].mining().free()
		if before, was := free[path]; was {
			yes = yes && before
		} else {
			paths = append(paths, path)
		}
		free[path] = yes
	}
	list := []map[string]any{}
	for _, path := range paths {
		if free[path] && len(list) < maxLocations {
			list = append(list, map[string]any{"location": path + "$", "tdm-reservation": 0})
		}
	}
	rest := map[string]any{"location": "/", "tdm-reservation": 1}
	if policy != "" {
		rest["tdm-policy"] = policy
	}
	b, _ := json.Marshal(append(list, rest)) // strings and numbers: nothing it could refuse
	return b
}

// reserve is the answer of a reservation in whatever form it stands.
func reserve(value any) Answer {
	if v, ok := value.(json.Number); ok {
		value = v.String()
	}
	if value == "0" {
		return Allow
	}
	return Deny
}

// ReadTDMHeader reads the two fields, "" for one that is absent. A policy beside "0" is a
// contradiction, and a no.
func ReadTDMHeader(reservation, policy string, media []Medium) Signals {
	s := silent(FromTDMRep)
	if reservation == "" && policy == "" {
		return s
	}
	a := reserve(reservation)
	if policy != "" {
		a = Deny
	}
	s.hear(mining, a, known(media), FromTDMRep)
	return s
}

// maxTDMRep bounds a tdmrep.json that is read.
const maxTDMRep = 2 << 20

var errTDMRep = errors.New("tdmrep: not a list of locations")

// location is one entry of a tdmrep.json.
type location struct {
	pattern string
	answer  Answer
}

// ReadTDMRep reads what a tdmrep.json says of the page at a URL. It is a yes only if the first
// location that matches, the longest, and all as long say so; a file that is not a list of
// locations is a no.
func ReadTDMRep(doc []byte, at string, media []Medium) Signals {
	_, path, err := page(at)
	if err != nil || len(doc) > maxTDMRep {
		return refused(FromTDMRep, mining)
	}
	list, err := locations(doc)
	if err != nil {
		return refused(FromTDMRep, mining)
	}
	first, answer, n := Unknown, Unknown, -1
	for _, l := range list {
		ok, err := match(l.pattern, path)
		if err != nil {
			return refused(FromTDMRep, mining)
		}
		if !ok {
			continue
		}
		first = cmp.Or(first, l.answer)
		switch {
		case len(l.pattern) > n:
			n, answer = len(l.pattern), l.answer
		case len(l.pattern) == n:
			answer = max(answer, l.answer)
		}
	}
	s := silent(FromTDMRep)
	s.hear(mining, max(first, answer), known(media), FromTDMRep)
	return s
}

func locations(doc []byte) ([]location, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, errTDMRep
	}
	var list []location
	for d.More() {
		l, err := entry(d)
		if err != nil {
			return nil, err
		}
		if list = append(list, l); len(list) > 2*maxLocations {
			return nil, errTDMRep
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, errTDMRep
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errTDMRep
	}
	return list, nil
}

// entry reads an object whose values are scalars. A key twice makes it a no.
func entry(d *json.Decoder) (location, error) {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return location{}, errTDMRep
	}
	seen := map[string]any{}
	twice := false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return location{}, errTDMRep
		}
		value, err := d.Token()
		if _, nested := value.(json.Delim); err != nil || nested {
			return location{}, errTDMRep
		}
		name, ok := key.(string)
		if _, was := seen[name]; was || !ok {
			twice = true
		}
		seen[name] = value
	}
	if _, err := d.Token(); err != nil {
		return location{}, errTDMRep
	}
	pattern, ok := seen["location"].(string)
	if !ok {
		return location{}, errTDMRep
	}
	l := location{pattern, reserve(seen["tdm-reservation"])}
	if _, policy := seen["tdm-policy"]; policy || twice {
		l.answer = Deny
	}
	return l, nil
}
