package media

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"loam"
)

// MaxManifest bounds a C2PA manifest store in bytes; one with a few thumbnails has 200 KB.
const MaxManifest = 16 << 20

// Span is the bytes of a file from From up to To.
type Span struct{ From, To int64 }

// ManifestStore is where a file keeps its C2PA manifest store (C2PA 2.2, A.3 to A.5).
type ManifestStore struct {
	// Type is the container: JPEG, PNG, WebP or MP4, which stands for every file of ISO boxes.
	Type Type
	// Bytes is the store, a JUMBF superbox; nil if the file has none.
	Bytes []byte
	// Spans are the bytes of the file that hold it, with the container's framing around it.
	Spans []Span

	src Source
	at  int64 // where the next one goes
	end int64 // WebP: of the RIFF chunk
}

// Manifest finds a file's manifest store: Invalid, "manifest.container" if the container is
// none that C2PA puts one into here, "media.broken" if it cannot be followed or holds more
// than one. Of a file that breaks off behind its store both are given, the store and the error.
func Manifest(src Source) (*ManifestStore, error) {
	head, err := read(src, 0, min(src.Size(), 32))
	if err != nil {
		return nil, err
	}
	s := &ManifestStore{src: src}
	switch {
	case starts("\xff\xd8\xff")(head, src):
		s.Type, err = JPEG, s.findJPEG()
	case starts(string(pngMagic))(head, src):
		s.Type, err = PNG, s.findPNG()
	case riff("WEBP")(head, src):
		s.Type, err = WebP, s.findWebP()
	case len(head) >= 8 && string(head[4:8]) == "ftyp":
		s.Type, err = MP4, s.findBMFF()
	default:
		return nil, loam.Fail(loam.Invalid, "manifest.container")
	}
	if err != nil && !whole8(s.Bytes) {
		s.Bytes = nil
	}
	return s, err
}

// reject is the error of a store that is none, or one of several: none of it is to be judged.
func (s *ManifestStore) reject(why string) error {
	s.Bytes = nil
	return damaged(why)
}

// Put plans the file with this store in the place of the one it has, and says which bytes
// of the new file hold it.
func (s *ManifestStore) Put(store []byte) (*Edit, Span, error) {
	if len(store) > MaxManifest {
		return nil, Span{}, loam.Fail(loam.TooLarge, "manifest.too_large")
	}
	switch s.Type {
	case JPEG:
		return s.swap(jpegFrame(store))
	case PNG:
		return s.swap(newChunk("caBX", store).raw)
	case WebP:
		return s.putWebP(store)
	default:
		return s.putBMFF(store)
	}
}

// swap takes the old store out and puts framed bytes at their place.
func (s *ManifestStore) swap(framed []byte) (*Edit, Span, error) {
	e := new(Edit)
	hole := s.fill(e, 0, s.src.Size(), framed)
	return e, hole, nil
}

// fill copies the source from from up to to without the old store, framed bytes put in.
func (s *ManifestStore) fill(e *Edit, from, to int64, framed []byte) Span {
	var hole Span
	put := func(until int64) {
		if hole.To == 0 && s.at >= from && s.at <= until {
			e.keep(s.src, from, s.at)
			hole = Span{e.size, e.size + int64(len(framed))}
			e.add(framed)
			from = s.at
		}
	}
	for _, old := range s.Spans {
		put(old.From)
		e.keep(s.src, from, old.From)
		from = old.To
	}
	put(to)
	e.keep(s.src, from, to)
	return hole
}

// scan reads small headers of a source without a new slice for each.
type scan struct {
	src Source
	buf [32]byte
}

// at gives n bytes, up to 32, which the next call overwrites.
func (s *scan) at(off int64, n int) ([]byte, error) {
	if off < 0 || s.src.Size()-off < int64(n) {
		return nil, io.ErrUnexpectedEOF
	}
	if m, err := s.src.ReadAt(s.buf[:n], off); m < n {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return s.buf[:n], nil
}

// jumbfHead is what each APP11 segment of a box begins with (ISO 19566-5, D.2): "JP", the
// box's instance, the segment's number in it, then the box's own length and type again.
const jumbfHead = 16

// findJPEG joins the APP11 segments of the C2PA box, whose numbers must run from 1.
func (s *ManifestStore) findJPEG() error {
	in := scan{src: s.src}
	s.at = 2
	first := true // only JFIF and EXIF so far
	var box uint16
	var want uint32
	for at, n := int64(2), 0; n < maxJPEGSegment; n++ {
		head, err := in.at(at, 4)
		if err != nil || head[0] != 0xff {
			return damaged("jpeg: no marker where one must be")
		}
		marker := head[1]
		if marker == 0xff { // fill
			at++
			continue
		}
		if marker == mSOS || marker == mEOI {
			if s.Bytes != nil && !whole8(s.Bytes) {
				return damaged("jpeg: the manifest store is cut off")
			}
			return nil
		}
		end := at + 2 + int64(binary.BigEndian.Uint16(head[2:]))
		if end < at+4 || end > s.src.Size() {
			return damaged("jpeg: segment longer than the file")
		}
		first = first && (marker == mAPP0 || marker == mAPP1 && s.begins(&in, at+4, end, exifHeader))
		if first {
			s.at = end
		}
		if marker == mAPP11 && s.begins(&in, at+4, end, "JP") && end-at >= 4+jumbfHead {
			head, err := in.at(at+4, jumbfHead)
			if err != nil {
				return err
			}
			id, number := binary.BigEndian.Uint16(head[2:]), binary.BigEndian.Uint32(head[4:])
			switch {
			case want == 0 && number == 1 && s.isStore(at+4+8):
				box, want, s.at = id, 1, at
			case want == 0 || id != box:
				at = end
				continue
			}
			if number != want {
				return s.reject("jpeg: the manifest store's segments are out of order")
			}
			if err := s.addSegment(at, end, want == 1); err != nil {
				return err
			}
			want++
		}
		at = end
	}
	return damaged("jpeg: too many segments")
}

func (s *ManifestStore) begins(in *scan, at, end int64, with string) bool {
	if end-at < int64(len(with)) {
		return false
	}
	b, err := in.at(at, len(with))
	return err == nil && string(b) == with
}

func (s *ManifestStore) addSegment(at, end int64, first bool) error {
	from := at + 4 + 8
	if !first {
		from += 8
	}
	part, err := read(s.src, from, end-from)
	if err != nil {
		return err
	}
	if len(s.Bytes)+len(part) > MaxManifest {
		return loam.Fail(loam.TooLarge, "manifest.too_large")
	}
	s.Bytes = append(s.Bytes, part...)
	if i := len(s.Spans) - 1; i >= 0 && s.Spans[i].To == at {
		s.Spans[i].To = end
	} else {
		s.Spans = append(s.Spans, Span{at, end})
	}
	return nil
}

// storeUUID is the type of a manifest store's superbox, "c2pa" and JUMBF's own ending.
const storeUUID = "c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"

// isStore reports whether a superbox of the source is a manifest store.
func (s *ManifestStore) isStore(at int64) bool {
	in := scan{src: s.src}
	b, err := in.at(at, 32)
	return err == nil && string(b[4:8]) == "jumb" && string(b[12:16]) == "jumd" && string(b[16:32]) == storeUUID
}

// whole8 reports whether a box is as long as its first four bytes say.
func whole8(b []byte) bool { return len(b) >= 8 && int64(binary.BigEndian.Uint32(b)) == int64(len(b)) }

// jpegFrame cuts a store into APP11 segments.
func jpegFrame(store []byte) []byte {
	const most = maxSegment - jumbfHead
	head, body := store[:min(8, len(store))], store[min(8, len(store)):]
	out := make([]byte, 0, len(store)+(len(body)/most+1)*(4+jumbfHead))
	for n := uint32(1); len(body) > 0 || n == 1; n++ {
		part := body[:min(most, len(body))]
		body = body[len(part):]
		out = append(out, 0xff, mAPP11)
		out = binary.BigEndian.AppendUint16(out, uint16(2+8+len(head)+len(part)))
		out = append(out, 'J', 'P')
		out = binary.BigEndian.AppendUint16(out, 0x0211)
		out = binary.BigEndian.AppendUint32(out, n)
		out = append(append(out, head...), part...)
	}
	return out
}

func (s *ManifestStore) findPNG() error {
	in := scan{src: s.src}
	for at, n := int64(len(pngMagic)), 0; n < maxChunks; n++ {
		head, err := in.at(at, 8)
		if err != nil {
			return damaged("png: ends inside a chunk")
		}
		size, kind := int64(binary.BigEndian.Uint32(head)), string(head[4:8])
		end := at + 12 + size
		if end > s.src.Size() {
			return damaged("png: chunk longer than the file")
		}
		switch {
		case n == 0 && kind != "IHDR":
			return damaged("png: IHDR is not first")
		case n == 0:
			s.at = end
		case kind == "caBX":
			if err := s.only(at, end, at+8, size); err != nil {
				return err
			}
			sum, err := in.at(end-4, 4)
			if err != nil || crc32.Update(crc32.ChecksumIEEE([]byte("caBX")), crc32.IEEETable, s.Bytes) != binary.BigEndian.Uint32(sum) {
				return s.reject("png: the manifest store's checksum is wrong")
			}
		case kind == "IEND":
			return nil
		}
		at = end
	}
	return damaged("png: too many chunks")
}

// only takes in the one store a file may have (C2PA 2.2, 11.1.4).
func (s *ManifestStore) only(from, to, data, size int64) error {
	if s.Spans != nil {
		return s.reject("two manifest stores")
	}
	if size > MaxManifest {
		return loam.Fail(loam.TooLarge, "manifest.too_large")
	}
	b, err := read(s.src, data, size)
	if err != nil {
		return err
	}
	s.Bytes, s.Spans, s.at = b, []Span{{from, to}}, from
	return nil
}

func (s *ManifestStore) findWebP() error {
	in := scan{src: s.src}
	head, err := in.at(4, 4)
	if err != nil {
		return err
	}
	says := 8 + int64(binary.LittleEndian.Uint32(head))
	s.end = min(says, s.src.Size())
	at := int64(12)
	for n := 0; s.end-at >= 8 && n < maxChunks; n++ {
		head, err := in.at(at, 8)
		if err != nil {
			return err
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		end := at + 8 + size + size&1
		if at+8+size > s.end {
			return damaged("webp: chunk longer than the file")
		}
		if string(head[:4]) == "C2PA" {
			if err := s.only(at, min(end, s.end), at+8, size); err != nil {
				return err
			}
		}
		at = end
	}
	if s.Spans == nil {
		s.at = s.end
	}
	if says > s.end {
		return damaged("webp: longer than the file")
	}
	return nil
}

// putWebP changes the RIFF length too, which lies outside the store.
func (s *ManifestStore) putWebP(store []byte) (*Edit, Span, error) {
	framed := append(make([]byte, 0, len(store)+10), "C2PA"...)
	framed = binary.LittleEndian.AppendUint32(framed, uint32(len(store)))
	framed = append(framed, store...)
	pad := s.end & 1 // of a file whose last chunk lacks it
	if s.Spans != nil {
		pad = 0
	}
	if len(store)&1 == 1 {
		framed = append(framed, 0)
	}
	if pad == 1 {
		framed = append([]byte{0}, framed...)
	}
	size := s.end - 8 + int64(len(framed))
	for _, old := range s.Spans {
		size -= old.To - old.From
	}
	if size > 1<<32-10 {
		return nil, Span{}, loam.Fail(loam.TooLarge, "manifest.too_large")
	}
	e := new(Edit)
	e.add(append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(size)), "WEBP"...))
	hole := s.fill(e, 12, s.src.Size(), framed)
	hole.From += pad
	hole.To = hole.From + 8 + int64(len(store)) // without its padding, as other writers do
	return e, hole, nil
}
