package media

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"loam"
)

// errEncrypted is a PDF whose strings only its key can read.
func errEncrypted() error { return loam.Fail(loam.Invalid, "media.encrypted") }

// pdfNotes are the two places of a PDF that are read.
type pdfNotes struct {
	info   pdfObject // value is a dictionary, or nothing
	number int64     // of info, 0 if the trailer names none
	meta   pdfObject
	metaNo int64
	packet []byte
}

func (f *pdfFile) notes() (n pdfNotes, err error) {
	if f.trailer().get("Encrypt") != nil {
		return n, errEncrypted()
	}
	info := f.trailer().get("Info")
	n.info.value = info
	if number, ok := pdfRef(info); ok {
		n.number = number
		if n.info, err = f.object(number); err != nil {
			return n, err
		}
	}
	if _, ok := pdfReadDict(n.info.value); !ok {
		n.info.value = []byte("<<>>")
	}
	root, err := f.resolve(f.trailer().get("Root"))
	if err != nil {
		return n, err
	}
	catalog, ok := pdfReadDict(root)
	if !ok {
		return n, damaged("pdf: no catalog")
	}
	number, ok := pdfRef(catalog.get("Metadata"))
	if !ok {
		return n, nil
	}
	if n.meta, err = f.object(number); err != nil || n.meta.data == 0 {
		return n, err
	}
	n.metaNo = number
	n.packet, err = f.decode(n.meta)
	return n, err
}

// marks are the labels of the information dictionary and of the document's XMP.
func (f *pdfFile) marks(n pdfNotes) ([]Found, error) {
	var out []Found
	d, _ := pdfReadDict(n.info.value)
	left := 4 * maxPDFText // entries may refer to one string
	for e := range d.entries() {
		if !isAIGC(e.key) || len(out) >= maxMarks {
			continue
		}
		value, err := f.resolve(e.value)
		if err != nil {
			return out, err
		}
		text, ok := pdfString(value)
		if left -= len(text); left < 0 {
			return out, damaged("pdf: more text in labels than is read")
		}
		m := readRaw(text, "pdf.info")
		if !ok {
			m.bad("type")
		}
		if e.key != "AIGC" {
			m.warn("name")
		}
		out = append(out, m)
	}
	return append(out, xmpMarks(n.packet, "pdf.xmp")...), nil
}

// pdfBefore is how many bytes a reader allows before the header (ISO 32000-1, Annex H, 3.4.1,
// note 13).
const pdfBefore = 1024

// pdfHeader is where a PDF's header stands, -1 if it is none.
func pdfHeader(head []byte) int64 {
	const magic = "%PDF-"
	return int64(bytes.Index(head[:min(len(head), pdfBefore+len(magic))], []byte(magic)))
}

// pdfIs tells a PDF by its header. Words with a header among them are words unless the whole
// of a PDF follows.
func pdfIs(head []byte, src Source) bool {
	at := pdfHeader(head)
	if at <= 0 || !wordsOnly(head) {
		return at >= 0
	}
	if _, err := pdfOpen(io.NewSectionReader(src, at, src.Size()-at)); err == nil {
		return true
	}
	_, err := pdfOpen(src)
	return err == nil
}

// pdfBody is a PDF as its places count: from its header, as readers take them where bytes
// stand before it, or from the start of the file. at is where that is.
func pdfBody(src Source) (body Source, at int64, err error) {
	head, err := read(src, 0, min(src.Size(), 4096))
	if err != nil {
		return nil, 0, err
	}
	if at = pdfHeader(head); at <= 0 {
		return src, 0, nil
	}
	body = io.NewSectionReader(src, at, src.Size()-at)
	if _, err := pdfOpen(body); err == nil {
		return body, at, nil
	}
	return src, 0, nil
}

func pdfMarks(src Source) ([]Found, error) {
	src, _, err := pdfBody(src)
	if err != nil {
		return nil, err
	}
	f, err := pdfOpen(src)
	if err != nil {
		return nil, err
	}
	n, err := f.notes()
	out, bad := f.marks(n)
	late, cut := f.late()
	for _, l := range late {
		out = append(out, l.found)
	}
	return out, cmp.Or(err, bad, cut)
}

// late are the labels behind the end of the file. An update that begins there and breaks off is an
// error beside them.
func (f *pdfFile) late() ([]lateLabel, error) {
	late, err := behind(f.src, f.end, "pdf.late")
	if err != nil {
		return late, err
	}
	b, err := read(f.src, f.end, min(pdfTail, f.src.Size()-f.end))
	if err != nil {
		return late, err
	}
	if _, _, _, begins := pdfBegins(b); begins {
		err = damaged("pdf: an update that breaks off")
	}
	return late, err
}

// pdfPut puts the label into the information dictionary by an incremental update (ISO
// 32000-2, 7.5.6), which leaves every byte of the file, and so every signature over it, as
// it was. An update that Loam wrote last is replaced, so that a file does not grow with
// every change of its label. Labels behind the end of the file are blanked where they stand.
func pdfPut(src Source, _ loam.Mark, raw string) (*Edit, error) {
	body, at, err := pdfBody(src)
	if err != nil {
		return nil, err
	}
	put, err := pdfPutBody(body, raw)
	if err != nil || at == 0 {
		return put, err
	}
	e := new(Edit)
	e.keep(src, 0, at)
	e.keep(put, 0, put.Size())
	return e, nil
}

func pdfPutBody(src Source, raw string) (*Edit, error) {
	f, err := pdfOpen(src)
	if err != nil {
		return nil, err
	}
	n, err := f.notes()
	if err != nil {
		return nil, err
	}
	found, err := f.marks(n)
	if err != nil {
		return nil, err
	}
	late, err := f.late()
	if err != nil {
		return nil, err
	}
	if len(late) > 0 {
		clean := new(Edit)
		clean.keepLess(src, 0, src.Size(), late)
		return pdfUpdate(clean, raw)
	}
	if labels := implicit(found); len(labels) == 1 && labels[0].Strict() && labels[0].Place == "pdf.info" {
		if labels[0].Raw == raw {
			e := new(Edit)
			e.keep(src, 0, src.Size())
			return e, nil
		}
		if before := f.before(n, labels[0].Raw); before != nil {
			return pdfUpdate(before, raw)
		}
	}
	return pdfUpdate(src, raw)
}

func implicit(found []Found) []Found {
	return slices.DeleteFunc(slices.Clone(found), func(f Found) bool { return f.Kind != KindImplicit })
}

// before is the file without its last update, if that is Loam's own: if the very same update
// is what would be written now.
func (f *pdfFile) before(n pdfNotes, raw string) Source {
	for _, at := range []int64{n.info.at, n.info.at - 1} {
		if n.number == 0 || at < 1 || at >= f.src.Size() {
			continue
		}
		shorter := io.NewSectionReader(f.src, 0, at)
		e, err := pdfUpdate(shorter, raw)
		if err != nil || e.Size() != f.src.Size() || e.Size()-at > maxPDFValue {
			continue
		}
		ours, err1 := read(e, at, e.Size()-at)
		theirs, err2 := read(f.src, at, e.Size()-at)
		if err := errors.Join(err1, err2); err == nil && bytes.Equal(ours, theirs) {
			return shorter
		}
	}
	return nil
}

// pdfRevision is an update under construction.
type pdfRevision struct {
	f       *pdfFile
	at      int64 // where it begins
	out     bytes.Buffer
	objects []pdfMoved
	info    string // the trailer's reference to the information dictionary
	size    int64  // one more than the highest number in use
}

// pdfMoved is an object of the update and its place.
type pdfMoved struct{ number, gen, at int64 }

func pdfUpdate(src Source, raw string) (*Edit, error) {
	f, err := pdfOpen(src)
	if err != nil {
		return nil, err
	}
	n, err := f.notes()
	if err != nil {
		return nil, err
	}
	size, ok := pdfNumber(f.trailer().get("Size"))
	if !ok || size < 1 || size <= max(n.number, n.metaNo) || size > 1<<31 {
		return nil, damaged("pdf: a trailer of no sensible size")
	}
	r := &pdfRevision{f: f, at: src.Size(), size: size}
	last, err := read(src, src.Size()-1, 1)
	if err != nil {
		return nil, err
	}
	if last[0] != '\n' && last[0] != '\r' {
		r.out.WriteByte('\n')
	}
	if n.number == 0 {
		n.number = r.size
		r.size++
	}
	r.info = fmt.Sprintf("%d %d R", n.number, n.info.gen)
	r.object(n.number, n.info.gen, pdfLabelled(n.info.value, raw), nil)
	if labels := implicit(xmpMarks(n.packet, "")); len(labels) > 0 {
		less, err := xmpRemove(n.packet)
		if err != nil {
			return nil, err
		}
		d := pdfWithout(n.meta.value, "Length", "Filter", "DecodeParms")
		r.object(n.metaNo, n.meta.gen, fmt.Appendf(d[:len(d)-2:len(d)-2], "/Length %d>>", len(less)), less)
	}
	if err := r.finish(); err != nil {
		return nil, err
	}
	e := new(Edit)
	e.keep(src, 0, src.Size())
	e.add(r.out.Bytes())
	return e, nil
}

func (r *pdfRevision) object(number, gen int64, value, stream []byte) {
	r.objects = append(r.objects, pdfMoved{number, gen, r.at + int64(r.out.Len())})
	fmt.Fprintf(&r.out, "%d %d obj\n%s\n", number, gen, value)
	if stream != nil {
		fmt.Fprintf(&r.out, "stream\n%s\nendstream\n", stream)
	}
	r.out.WriteString("endobj\n")
}

// finish writes cross-references of the kind the file has, and the trailer.
func (r *pdfRevision) finish() error {
	newest := r.f.sections[0]
	at := r.at + int64(r.out.Len())
	var own []byte
	if newest.stream != nil {
		own = pdfWithout(newest.trailer, "Type", "Size", "Index", "Prev", "W", "Length", "Filter", "DecodeParms", "Info", "XRefStm")
		r.objects = append(r.objects, pdfMoved{r.size, 0, at})
		r.size++
	} else {
		own = pdfWithout(newest.trailer, "Size", "Prev", "Info", "XRefStm")
	}
	slices.SortFunc(r.objects, func(a, b pdfMoved) int { return int(a.number - b.number) })
	own = fmt.Appendf(own[:len(own)-2:len(own)-2], "/Size %d/Prev %d/Info %s", r.size, newest.at, r.info)
	if newest.stream != nil {
		r.stream(own)
	} else if err := r.table(own); err != nil {
		return err
	}
	fmt.Fprintf(&r.out, "startxref\n%d\n%%%%EOF\n", at)
	return nil
}

func (r *pdfRevision) table(trailer []byte) error {
	r.out.WriteString("xref\n")
	for _, o := range r.objects {
		if o.at > 9_999_999_999 {
			return errNoRoom() // ten digits are all a table has
		}
		fmt.Fprintf(&r.out, "%d 1\n%010d %05d n \n", o.number, o.at, o.gen)
	}
	fmt.Fprintf(&r.out, "trailer\n%s>>\n", trailer)
	return nil
}

func (r *pdfRevision) stream(dict []byte) {
	width := 4
	if r.at+int64(r.out.Len()) > 1<<32-1 {
		width = 8
	}
	var index, rows []byte
	for _, o := range r.objects {
		index = fmt.Appendf(index, " %d 1", o.number)
		place := binary.BigEndian.AppendUint64(nil, uint64(o.at))
		rows = append(append(rows, 1), place[8-width:]...)
		rows = binary.BigEndian.AppendUint16(rows, uint16(o.gen))
	}
	fmt.Fprintf(&r.out, "%d 0 obj\n%s/Type/XRef/W[1 %d 2]/Index[%s]/Length %d>>\nstream\n%s\nendstream\nendobj\n",
		r.size-1, dict, width, index[1:], len(rows), rows)
}

// pdfLabelled is a dictionary with this label as its only one.
func pdfLabelled(dict []byte, raw string) []byte {
	d, _ := pdfReadDict(dict)
	var names []string
	for e := range d.entries() {
		if isAIGC(e.key) {
			names = append(names, e.key)
		}
	}
	dict = pdfWithout(dict, names...)
	return fmt.Appendf(dict[:len(dict)-2:len(dict)-2], "/AIGC%s>>", pdfQuote(raw))
}

// pdfWithout is a dictionary without these names, all else as it stands. It ends with >>.
func pdfWithout(dict []byte, names ...string) []byte {
	d, _ := pdfReadDict(dict)
	var out []byte
	at := 0
	for e := range d.entries() {
		if slices.Contains(names, e.key) {
			out = append(out, dict[at:e.at.from]...)
			at = e.at.to
		}
	}
	return append(out, dict[at:]...)
}
