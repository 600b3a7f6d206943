package media

import (
	"bytes"
	"compress/zlib"
	"io"
)

// object reads an object by its number.
func (f *pdfFile) object(number int64) (pdfObject, error) {
	p, err := f.lookup(number)
	if err != nil {
		return pdfObject{}, err
	}
	switch p.kind {
	case 0:
		return pdfObject{value: []byte("null")}, nil
	case 1:
		o, n, err := f.objectAt(p.at)
		if err == nil && n != number {
			return pdfObject{}, damaged("pdf: another object where one must be")
		}
		return o, err
	case 2:
		return f.packedObject(p.at, number)
	}
	return pdfObject{}, damaged("pdf: a cross-reference of no known type")
}

// pdfBegins reads how an object begins, "12 0 obj": its number, its generation and where its
// value is.
func pdfBegins(b []byte) (number, gen int64, value int, ok bool) {
	from := pdfSpace(b, 0)
	mid := pdfToken(b, from)
	k := pdfSpace(b, mid)
	end := pdfToken(b, k)
	word := pdfSpace(b, end)
	number, ok1 := pdfNumber(b[from:mid])
	gen, ok2 := pdfNumber(b[k:end])
	return number, gen, word + len("obj"), ok1 && ok2 && gen < 1<<16 && bytes.HasPrefix(b[word:], []byte("obj"))
}

// objectAt reads the object that begins at a place, and its number.
func (f *pdfFile) objectAt(at int64) (o pdfObject, number int64, err error) {
	if at < 0 || at >= f.src.Size() {
		return o, 0, damaged("pdf: an object outside the file")
	}
	head, err := read(f.src, at, min(64, f.src.Size()-at))
	if err != nil {
		return o, 0, err
	}
	number, gen, from, ok := pdfBegins(head)
	if !ok {
		return o, 0, damaged("pdf: no object where one must be")
	}
	o.at, o.gen = at, gen
	var next int64
	if o.value, next, err = f.value(at + int64(from)); err != nil {
		return o, number, err
	}
	after, err := read(f.src, next, min(64, f.src.Size()-next))
	if err != nil {
		return o, number, err
	}
	if i := pdfSpace(after, 0); bytes.HasPrefix(after[i:], []byte("stream")) {
		i += len("stream")
		if i < len(after) && after[i] == '\r' {
			i++
		}
		if i < len(after) && after[i] == '\n' {
			i++
		}
		o.data = next + int64(i)
	}
	return o, number, nil
}

// packedObject reads an object out of an object stream (ISO 32000-2, 7.5.7).
func (f *pdfFile) packedObject(stream, number int64) (pdfObject, error) {
	if f.packed != stream {
		p, err := f.lookup(stream)
		if err != nil || p.kind != 1 {
			return pdfObject{}, damaged("pdf: no object stream where one must be")
		}
		o, n, err := f.objectAt(p.at)
		if err != nil {
			return pdfObject{}, err
		}
		d, ok := pdfReadDict(o.value)
		first, ok2 := pdfNumber(d.get("First"))
		if !ok || !ok2 || n != stream || o.data == 0 {
			return pdfObject{}, damaged("pdf: no object stream where one must be")
		}
		if f.objects, err = f.decode(o); err != nil {
			return pdfObject{}, err
		}
		f.packed, f.first = stream, min(first, int64(len(f.objects)))
	}
	list := f.objects[:f.first]
	for at := pdfSpace(list, 0); at < len(list); {
		end := pdfToken(list, at)
		k := pdfSpace(list, end)
		to := pdfToken(list, k)
		n, ok1 := pdfNumber(list[at:end])
		offset, ok2 := pdfNumber(list[k:to])
		if !ok1 || !ok2 {
			break
		}
		if n == number && f.first+offset <= int64(len(f.objects)) {
			body := f.objects[f.first+offset:]
			from := pdfSpace(body, 0)
			if end := pdfSkip(body, from, 0); end > from {
				return pdfObject{value: body[from:end]}, nil
			}
			break
		}
		at = pdfSpace(list, to)
	}
	return pdfObject{}, damaged("pdf: an object stream without its object")
}

// resolve follows a reference to its object's value; any other value is its own.
func (f *pdfFile) resolve(b []byte) ([]byte, error) {
	n, ok := pdfRef(b)
	if !ok {
		return b, nil
	}
	o, err := f.object(n)
	return o.value, err
}

// decode gives the data of a stream without filter or of FlateDecode.
func (f *pdfFile) decode(o pdfObject) ([]byte, error) {
	d, _ := pdfReadDict(o.value)
	length, err := f.resolve(d.get("Length"))
	if err != nil {
		return nil, err
	}
	n, ok := pdfNumber(length)
	if !ok || o.data == 0 || n > f.src.Size()-o.data {
		return nil, damaged("pdf: a stream of no length")
	}
	if f.inflated += n; f.inflated > f.budget() {
		return nil, damaged("pdf: streams too large")
	}
	b, err := read(f.src, o.data, n)
	if err != nil {
		return nil, err
	}
	filter := string(bytes.Trim(d.get("Filter"), "[] \r\n\t"))
	switch filter {
	case "":
		return b, nil
	case "/FlateDecode", "/Fl":
	default:
		return nil, damaged("pdf: a stream of another filter")
	}
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, damaged("pdf: a stream that cannot be inflated")
	}
	out, err := io.ReadAll(io.LimitReader(z, f.budget()-f.inflated+1))
	if f.inflated += int64(len(out)); err != nil || f.inflated > f.budget() {
		return nil, damaged("pdf: a stream that cannot be inflated")
	}
	parms, _ := pdfReadDict(bytes.Trim(d.get("DecodeParms"), "[] \r\n\t"))
	return unpredict(out, parms)
}

// budget is how many bytes of streams are read of one file.
func (f *pdfFile) budget() int64 { return min(maxPDFInflated, 2<<20+f.src.Size()) }

// unpredict undoes PNG's row filters (ISO 32000-2, 7.4.4.4).
func unpredict(b []byte, parms pdfDict) ([]byte, error) {
	kind, _ := pdfNumber(parms.get("Predictor"))
	if kind < 2 {
		return b, nil
	}
	value := func(key string, or int64) int64 {
		if v, ok := pdfNumber(parms.get(key)); ok && v <= maxFields {
			return v
		}
		return or
	}
	columns, colours, bits := value("Columns", 1), value("Colors", 1), value("BitsPerComponent", 8)
	if kind < 10 || columns < 1 || colours < 1 || colours > 32 || bits > 16 {
		return nil, damaged("pdf: a predictor that is not known")
	}
	row, step := int((columns*colours*bits+7)/8), int(max(1, colours*bits/8))
	before := make([]byte, row)
	out := b[:0] // it stays behind what is read
	for len(b) > 0 {
		filter, line := b[0], b[1:min(len(b), row+1)]
		b = b[1+len(line):]
		if filter > 4 {
			return nil, damaged("pdf: a predictor that is not known")
		}
		for i := range line {
			var left, corner byte
			if i >= step {
				left, corner = line[i-step], before[i-step]
			}
			switch filter {
			case 1:
				line[i] += left
			case 2:
				line[i] += before[i]
			case 3:
				line[i] += byte((int(left) + int(before[i])) / 2)
			case 4:
				line[i] += paeth(left, before[i], corner)
			}
		}
		before = append(before[:0], line...)[:row:row]
		out = append(out, line...)
	}
	return out, nil
}

// paeth is the predictor of PNG's fourth filter (PNG, 9.4).
func paeth(a, b, c byte) byte {
	abs := func(n int) int { return max(n, -n) }
	p := int(a) + int(b) - int(c)
	da, db, dc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case da <= db && da <= dc:
		return a
	case db <= dc:
		return b
	}
	return c
}
