package media

import (
	"bytes"
)

// Bounds of a PDF that is followed.
const (
	maxPDFValue    = 4 << 20
	maxRevisions   = 1000
	maxPDFInflated = 64 << 20
	pdfTail        = 4096 // within which a startxref names its place
)

// pdfFile is a PDF by its cross-references, the newest first.
type pdfFile struct {
	src      Source
	end      int64 // where it ends by its own account
	sections []pdfSection
	trailers int64 // bytes of trailers so far
	inflated int64 // so far; all of it together is bounded

	packed  int64 // the object stream that was read last
	objects []byte
	first   int64
}

// pdfSection is one cross-reference section: a table in the file, or a stream's entries.
type pdfSection struct {
	at      int64
	table   []pdfRange
	stream  []byte
	widths  [3]int64
	trailer pdfDict
	hybrid  bool // the next section completes this one
}

// pdfRange is one part of a table: n entries of 20 bytes, from object start on.
type pdfRange struct{ start, n, at int64 }

// pdfObject is an object's value, and its data if it is a stream.
type pdfObject struct {
	value    []byte
	gen      int64
	at, data int64 // in the file; data is 0 if there is none, at if it is in an object stream
}

// pdfLast is the place that a file's last startxref names, and where the file ends by its own
// account (ISO 32000-2, 7.5.5): what was put behind that is none of it.
func pdfLast(src Source) (at, end int64, err error) {
	const word, eof = "startxref", "%%EOF"
	from, err := findLast(src, word, MaxBytes)
	if err != nil {
		return 0, 0, err
	}
	if from < 0 {
		return 0, 0, damaged("pdf: no startxref")
	}
	b, err := read(src, from, min(pdfTail, src.Size()-from))
	if err != nil {
		return 0, 0, err
	}
	i := pdfSpace(b, len(word))
	to := pdfToken(b, i)
	at, ok := pdfNumber(b[i:to])
	if !ok {
		return 0, 0, damaged("pdf: startxref names no place")
	}
	if rest := bytes.TrimLeft(b[to:], "\x00\t\n\f\r "); bytes.HasPrefix(rest, []byte(eof)) {
		to = len(b) - len(rest) + len(eof)
	}
	return at, from + int64(to), nil
}

func pdfOpen(src Source) (*pdfFile, error) {
	at, end, err := pdfLast(src)
	if err != nil {
		return nil, err
	}
	f := &pdfFile{src: src, end: end, packed: -1}
	seen := map[int64]bool{}
	for more := true; more; {
		if seen[at] || len(f.sections) >= maxRevisions {
			return nil, damaged("pdf: revisions in a circle")
		}
		seen[at] = true
		s, err := f.section(at)
		if err != nil {
			return nil, err
		}
		f.sections = append(f.sections, s)
		if also, ok := pdfNumber(s.trailer.get("XRefStm")); ok && s.stream == nil {
			f.sections[len(f.sections)-1].hybrid = true
			if s, err = f.section(also); err != nil || s.stream == nil {
				return nil, damaged("pdf: no stream where XRefStm says")
			}
			f.sections = append(f.sections, s)
			s = f.sections[len(f.sections)-2]
		}
		at, more = pdfNumber(s.trailer.get("Prev"))
	}
	return f, nil
}

func (f *pdfFile) trailer() pdfDict { return f.sections[0].trailer }

// value reads the value at a place of the file.
func (f *pdfFile) value(at int64) (b []byte, next int64, err error) {
	for n := int64(4 << 10); ; n *= 4 {
		n = min(n, maxPDFValue, f.src.Size()-at)
		window, err := read(f.src, at, n)
		if err != nil {
			return nil, 0, damaged("pdf: a value outside the file")
		}
		from := pdfSpace(window, 0)
		// A value that ends with the window might go on behind it.
		if to := pdfSkip(window, from, 0); to > from && (int64(to)+32 < n || at+n == f.src.Size()) {
			return window[from:to], at + int64(to), nil
		}
		if n == maxPDFValue || at+n == f.src.Size() {
			return nil, 0, damaged("pdf: a value without an end")
		}
	}
}

func (f *pdfFile) section(at int64) (pdfSection, error) {
	if at < 0 || at >= f.src.Size() {
		return pdfSection{}, damaged("pdf: a cross-reference outside the file")
	}
	word, err := read(f.src, at, min(4, f.src.Size()-at))
	if err != nil {
		return pdfSection{}, err
	}
	if string(word) == "xref" {
		return f.tableSection(at)
	}
	return f.streamSection(at)
}

func (f *pdfFile) tableSection(at int64) (pdfSection, error) {
	s := pdfSection{at: at}
	pos := at + 4
	for range maxFields {
		line, err := read(f.src, pos, min(64, f.src.Size()-pos))
		if err != nil {
			return s, damaged("pdf: a cross-reference table without an end")
		}
		i := pdfSpace(line, 0)
		if bytes.HasPrefix(line[i:], []byte("trailer")) {
			return s, f.setTrailer(&s, pos+int64(i)+7)
		}
		mid := pdfToken(line, i)
		k := pdfSpace(line, mid)
		end := pdfToken(line, k)
		start, ok1 := pdfNumber(line[i:mid])
		n, ok2 := pdfNumber(line[k:end])
		if !ok1 || !ok2 || start > 1<<32 || n > f.src.Size()/20 {
			return s, damaged("pdf: a cross-reference table that cannot be read")
		}
		pos += int64(pdfSpace(line, end))
		if n > 0 { // of those without an entry there may be as many as bytes
			s.table = append(s.table, pdfRange{start, n, pos})
		}
		pos += n * 20
	}
	return s, damaged("pdf: a cross-reference table of too many parts")
}

func (f *pdfFile) setTrailer(s *pdfSection, at int64) error {
	raw, _, err := f.value(at)
	if err != nil {
		return err
	}
	return f.keepTrailer(s, raw)
}

// keepTrailer holds a section's trailer. Those of a file lie beside each other: one may lie in
// another, as a string of it, and each of a thousand be as long as the file.
func (f *pdfFile) keepTrailer(s *pdfSection, raw []byte) error {
	if f.trailers += int64(len(raw)); f.trailers > f.src.Size() {
		return damaged("pdf: trailers in each other")
	}
	var ok bool
	if s.trailer, ok = pdfReadDict(bytes.Clone(raw)); !ok {
		return damaged("pdf: no trailer")
	}
	return nil
}

func (f *pdfFile) streamSection(at int64) (pdfSection, error) {
	s := pdfSection{at: at}
	o, _, err := f.objectAt(at)
	if err != nil {
		return s, err
	}
	if err := f.keepTrailer(&s, o.value); err != nil {
		return s, err
	}
	if string(s.trailer.get("Type")) != "/XRef" || o.data == 0 {
		return s, damaged("pdf: no cross-reference where one must be")
	}
	w := pdfNumbers(s.trailer.get("W"))
	if len(w) != 3 || w[0] > 8 || w[1] > 8 || w[2] > 8 || w[0]+w[1]+w[2] == 0 {
		return s, damaged("pdf: a cross-reference stream of no known form")
	}
	s.widths = [3]int64(w)
	if s.stream, err = f.decode(o); s.stream == nil {
		s.stream = []byte{}
	}
	return s, err
}

// index are the ranges of a stream's entries: where each begins and how many they are.
func (s *pdfSection) index() []int64 {
	if index := pdfNumbers(s.trailer.get("Index")); len(index) > 0 {
		return index
	}
	size, _ := pdfNumber(s.trailer.get("Size"))
	return []int64{0, size}
}

// pdfPlace is where an object is: in the file, or the object stream that holds it.
type pdfPlace struct{ kind, at, gen int64 }

// lookup finds an object's place; one that is free or nowhere has kind 0.
func (f *pdfFile) lookup(number int64) (pdfPlace, error) {
	for _, s := range f.sections {
		p, there, err := s.lookup(f.src, number)
		if err != nil {
			return p, err
		}
		if there && (p.kind != 0 || !s.hybrid) {
			return p, nil
		}
	}
	return pdfPlace{}, nil
}

func (s *pdfSection) lookup(src Source, number int64) (p pdfPlace, there bool, err error) {
	for _, r := range s.table {
		if number < r.start || number >= r.start+r.n {
			continue
		}
		line, err := read(src, r.at+20*(number-r.start), 20)
		if err != nil {
			return p, false, damaged("pdf: a cross-reference table longer than the file")
		}
		at, ok1 := pdfNumber(line[:10])
		gen, ok2 := pdfNumber(line[11:16])
		if !ok1 || !ok2 {
			return p, false, damaged("pdf: a cross-reference that cannot be read")
		}
		if line[17] != 'n' {
			return p, true, nil
		}
		return pdfPlace{1, at, gen}, true, nil
	}
	if s.stream == nil {
		return p, false, nil
	}
	index := s.index()
	row, width := int64(0), s.widths[0]+s.widths[1]+s.widths[2]
	for i := 0; i+1 < len(index); i += 2 {
		if k := number - index[i]; k >= 0 && k < index[i+1] {
			at := (row + k) * width
			if row+k > int64(len(s.stream)) || at+width > int64(len(s.stream)) {
				return p, false, damaged("pdf: a cross-reference stream shorter than it says")
			}
			return s.entry(s.stream[at:]), true, nil
		}
		row += min(index[i+1], 1<<32)
	}
	return p, false, nil
}

func (s *pdfSection) entry(b []byte) pdfPlace {
	v := [3]int64{1, 0, 0} // a type that is not written is 1
	for i, w := range s.widths {
		if w > 0 {
			v[i] = 0
		}
		for _, c := range b[:w] {
			v[i] = v[i]&(1<<54-1)<<8 | int64(c)
		}
		b = b[w:]
	}
	return pdfPlace{v[0], v[1], v[2]}
}
