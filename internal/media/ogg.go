package media

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"strings"

	"loam"
)

// Ogg pages (RFC 3533, 6).
const (
	pageHead       = 27
	pageContinues  = 1 // flags: the page begins inside a packet
	pageBegins     = 2
	pageEnds       = 4
	maxSegments    = 255
	maxStreams     = 1024     // begun in one file, one behind the other or side by side
	maxHeaders     = 16 << 20 // of a comment packet; it may hold a cover
	maxCommentPage = 100_000
)

// oggPage is a page's header; its payload is n bytes behind it.
type oggPage struct {
	at      int64
	flags   byte
	granule uint64
	serial  uint32
	seq     uint32
	crc     uint32
	lacing  []byte
	n       int64
}

func (p *oggPage) payload() int64 { return p.at + pageHead + int64(len(p.lacing)) }
func (p *oggPage) end() int64     { return p.payload() + p.n }

func readPage(src Source, at int64) (oggPage, error) {
	var head [pageHead + maxSegments]byte
	b := head[:min(int64(len(head)), src.Size()-at)]
	if _, err := src.ReadAt(b, at); err != nil && int64(len(b)) < src.Size()-at {
		return oggPage{}, err
	}
	if len(b) < pageHead || string(b[:4]) != "OggS" || b[4] != 0 || len(b) < pageHead+int(b[26]) {
		return oggPage{}, damaged("ogg: no page where one must be")
	}
	p := oggPage{
		at: at, flags: b[5], granule: binary.LittleEndian.Uint64(b[6:]), serial: binary.LittleEndian.Uint32(b[14:]),
		seq: binary.LittleEndian.Uint32(b[18:]), crc: binary.LittleEndian.Uint32(b[22:]), lacing: b[pageHead : pageHead+int(b[26])],
	}
	for _, l := range p.lacing {
		p.n += int64(l)
	}
	if p.end() > src.Size() {
		return p, damaged("ogg: a page longer than the file")
	}
	return p, nil
}

// oggCodec is how a codec's comment packet is told and what of it is not comments.
type oggCodec struct {
	name, begins, comment string
	fixed                 int // bytes of the comment packet before its comments
}

// oggCodecs: Vorbis I, 4.2.1; RFC 7845, 5; Theora, 6.2; Speex manual, 7; FLAC in Ogg 1.0.
func oggCodecs() []oggCodec {
	return []oggCodec{
		{"vorbis", "\x01vorbis", "\x03vorbis", 7},
		{"opus", "OpusHead", "OpusTags", 8},
		{"theora", "\x80theora", "\x81theora", 7},
		{"speex", "Speex   ", "", 0},
		{"flac", "\x7fFLAC", "", 4},
	}
}

// oggPlace is where a page lies: there may be as many as bytes of comments.
type oggPlace struct{ at, end int64 }

// oggStream is one logical stream up to the end of its comment packet.
type oggStream struct {
	codec  oggCodec
	serial uint32
	pages  []oggPlace // those its comment packet lies on
	seq    uint32     // the number of the first of them
	last   oggPage
	packet []byte
	rest   []byte // the lacing values behind the packet on its last page
	done   bool
	began  int64 // where its first page stands

	damaged bool // a check sum of those pages is wrong
}

func (s *oggStream) comments() (comments, error) {
	if !bytes.HasPrefix(s.packet, []byte(s.codec.comment)) || len(s.packet) < s.codec.fixed ||
		s.codec.name == "flac" && s.packet[0]&0x7f != flacComment {
		return comments{}, damaged("ogg: no comment packet where one must be")
	}
	return readComments(s.packet[s.codec.fixed:])
}

// with is the comment packet with this label, or without any.
func (s *oggStream) with(c comments, raw string) ([]byte, error) {
	body := c.with(raw)
	head := bytes.Clone(s.packet[:s.codec.fixed])
	if s.codec.name == "flac" {
		if len(body) > maxFLACBlock {
			return nil, errNoRoom()
		}
		head[1], head[2], head[3] = byte(len(body)>>16), byte(len(body)>>8), byte(len(body))
	}
	return append(head, body...), nil
}

// oggWalk follows every page of a file and gives the streams that can have comments, in the
// order in which they begin, and where the pages end. With each page it tells the stream it
// belongs to, nil if none.
func oggWalk(src Source, each func(p *oggPage, s *oggStream)) (all []*oggStream, end int64, err error) {
	src = windowed(src)
	begun := 0
	open := map[uint32]*oggStream{}
	for end < src.Size() {
		p, err := readPage(src, end)
		if err != nil {
			if begun > 0 {
				err = oggTail(src, end, err)
			}
			return all, end, err
		}
		if p.flags&pageBegins != 0 {
			if begun++; begun > maxStreams {
				return all, end, damaged("ogg: too many streams")
			}
			s, err := oggBegin(src, &p)
			if err != nil {
				return all, end, err
			}
			delete(open, p.serial)
			if s != nil {
				open[p.serial] = s
				all = append(all, s)
			}
		} else if s := open[p.serial]; s != nil && !s.done {
			if err := s.take(src, p); err != nil {
				return all, end, err
			}
		}
		each(&p, open[p.serial])
		end = p.end()
	}
	return all, end, nil
}

// oggTail is nil where what stands behind the last page is no page that breaks off, and none
// follows, else the error there.
func oggTail(src Source, at int64, broken error) error {
	const capture = "OggS"
	head, err := read(src, at, min(int64(len(capture)), src.Size()-at))
	if err != nil || strings.HasPrefix(capture, string(head)) {
		return cmp.Or(err, broken)
	}
	there, err := contains(src, at, capture)
	if !there {
		broken = nil
	}
	return cmp.Or(err, broken)
}

// oggBegin tells a stream by its first packet, nil if it is of a kind without comments.
func oggBegin(src Source, p *oggPage) (*oggStream, error) {
	b, err := read(src, p.payload(), min(p.n, 16))
	if err != nil {
		return nil, err
	}
	for _, c := range oggCodecs() {
		if bytes.HasPrefix(b, []byte(c.begins)) {
			return &oggStream{codec: c, serial: p.serial, began: p.at}, nil
		}
	}
	return nil, nil
}

// take adds a page's share of the comment packet.
func (s *oggStream) take(src Source, p oggPage) error {
	if len(s.pages) == 0 == (p.flags&pageContinues != 0) || len(s.pages) >= maxCommentPage {
		return damaged("ogg: the comment packet does not begin behind the first page")
	}
	n, used := int64(0), 0
	for used < len(p.lacing) && !s.done {
		n += int64(p.lacing[used])
		s.done = p.lacing[used] < 255
		used++
	}
	if int64(len(s.packet))+n > maxHeaders {
		return damaged("ogg: comment packet too large")
	}
	b, err := read(src, p.at, p.end()-p.at)
	if err != nil {
		return err
	}
	s.packet = append(s.packet, b[p.payload()-p.at:][:n]...)
	clear(b[22:26])
	s.damaged = s.damaged || oggCRC(b) != p.crc
	if p.lacing = bytes.Clone(p.lacing); len(s.pages) == 0 {
		s.seq = p.seq
	}
	s.last, s.rest = p, p.lacing[used:]
	s.pages = append(s.pages, oggPlace{p.at, p.end()})
	return nil
}

func oggMarks(src Source) ([]Found, error) {
	streams, end, err := oggWalk(src, func(*oggPage, *oggStream) {})
	var out []Found
	for _, s := range streams {
		if !s.done {
			continue
		}
		c, bad := s.comments()
		found := c.marks("ogg." + s.codec.name)
		for i := range found {
			if s.damaged {
				found[i].warn("crc")
			}
		}
		if out = append(out, found...); len(out) > maxMarks {
			return out, damaged("ogg: too many labels")
		}
		if bad != nil && err == nil {
			err = bad
		}
	}
	out, late := lateMarks(src, end, "ogg.late", out, nil)
	return out, cmp.Or(err, late)
}

// oggPut puts the label into the comments of the first stream and takes it out of the
// others. Pages behind it move and are counted anew; what they hold is not read.
func oggPut(src Source, _ loam.Mark, raw string) (*Edit, error) {
	streams, end, err := oggWalk(src, func(*oggPage, *oggStream) {})
	if err != nil {
		return nil, err
	}
	late, err := behind(src, end, "ogg.late")
	if err != nil {
		return nil, err
	}
	if len(streams) == 0 {
		return nil, loam.Fail(loam.Invalid, "file.read_only", "Ogg")
	}
	fresh := map[int64][][]byte{} // what stands in the place of a page: pages made anew, or nothing
	shifts := map[*oggStream]uint32{}
	for i, s := range streams {
		c, err := s.comments()
		if err != nil || !s.done {
			return nil, damaged("ogg: no comment packet")
		}
		label := ""
		if i == 0 {
			label = raw
		} else if !c.marked() {
			continue
		}
		pages, err := s.repage(src, c, label)
		if err != nil {
			return nil, err
		}
		shifts[s] = uint32(len(pages) - len(s.pages))
		for _, p := range s.pages {
			fresh[p.at], pages = pages, nil
		}
	}
	e, err := oggJoin(src, streams, fresh, shifts)
	if err != nil {
		return nil, err
	}
	e.keepLess(src, end, src.Size(), late)
	return e, nil
}

func oggJoin(src Source, streams []*oggStream, fresh map[int64][][]byte, shifts map[*oggStream]uint32) (*Edit, error) {
	e := new(Edit)
	moved := &renumbered{Source: src}
	byStart := map[int64]*oggStream{}
	for _, s := range streams {
		byStart[s.began] = s
	}
	open := map[uint32]*oggStream{}
	_, _, err := oggWalk(src, func(p *oggPage, _ *oggStream) {
		if p.flags&pageBegins != 0 {
			open[p.serial] = byStart[p.at]
		}
		if pages, ok := fresh[p.at]; ok {
			for _, b := range pages {
				e.add(b)
			}
			return
		}
		if by := shifts[open[p.serial]]; by != 0 && p.flags&pageBegins == 0 {
			moved.pages = append(moved.pages, movedPage{p.at, by})
		}
		e.keep(moved, p.at, p.end())
	})
	return e, err
}

// repage makes the pages of a comment packet anew, with what else stood on its last one.
func (s *oggStream) repage(src Source, c comments, raw string) ([][]byte, error) {
	packet, err := s.with(c, raw)
	if err != nil {
		return nil, err
	}
	last := s.last
	after := int64(0)
	for _, l := range s.rest {
		after += int64(l)
	}
	tail, err := read(src, last.end()-after, after)
	if err != nil {
		return nil, err
	}
	lacing := append(bytes.Repeat([]byte{255}, len(packet)/255), byte(len(packet)%255))
	own := len(lacing)
	lacing = append(lacing, s.rest...)
	data := append(packet, tail...)
	var out [][]byte
	for at, inside := 0, false; at < len(lacing); {
		n := min(len(lacing)-at, maxSegments)
		p := oggPage{granule: ^uint64(0), serial: s.serial, seq: s.seq + uint32(len(out)), lacing: lacing[at : at+n]}
		if inside {
			p.flags = pageContinues
		}
		for i, l := range p.lacing {
			if p.n += int64(l); l == 255 {
				continue
			}
			if p.granule = 0; at+i >= own {
				p.granule = last.granule
			}
		}
		if at += n; at == len(lacing) {
			p.flags |= last.flags & pageEnds
			if p.granule != ^uint64(0) {
				p.granule = last.granule
			}
		}
		inside = p.lacing[n-1] == 255
		out = append(out, p.bytes(data[:p.n]))
		data = data[p.n:]
	}
	return out, nil
}

// bytes is a whole page with its check sum.
func (p *oggPage) bytes(data []byte) []byte {
	b := make([]byte, 0, pageHead+len(p.lacing)+len(data))
	b = append(b, 'O', 'g', 'g', 'S', 0, p.flags)
	b = binary.LittleEndian.AppendUint64(b, p.granule)
	b = binary.LittleEndian.AppendUint32(b, p.serial)
	b = binary.LittleEndian.AppendUint32(b, p.seq)
	b = append(b, 0, 0, 0, 0, byte(len(p.lacing)))
	b = append(append(b, p.lacing...), data...)
	binary.LittleEndian.PutUint32(b[22:], oggCRC(b))
	return b
}
