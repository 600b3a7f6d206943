package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"loam/internal/screen"
)

// item is one thing to screen: the number of its line, row or file, its id as JSON, and what
// it is.
type item struct {
	number int
	id     json.RawMessage
	input  screen.Input
}

// source gives items one after another; io.EOF ends them. Read counts how far it is, in bytes
// or files.
type source interface {
	next() (item, error)
	read() int64
	unit() string // what number counts
	close() error
}

// maxScreenLine bounds one line, row or picture of input, in bytes.
const maxScreenLine = 16 << 20

// counted counts what is read, and stops what is read for one row at its bound.
type counted struct {
	in     io.Reader
	closer func() error
	n      atomic.Int64 // the writer looks at it meanwhile
	row    int64        // bytes since the row began
}

func (c *counted) Read(p []byte) (int, error) {
	if c.row > maxScreenLine {
		return 0, fmt.Errorf("longer than %d bytes", maxScreenLine)
	}
	n, err := c.in.Read(p)
	c.n.Add(int64(n))
	c.row += int64(n)
	return n, err
}

func (c *counted) read() int64  { return c.n.Load() }
func (c *counted) close() error { return c.closer() }

// lineSource takes every line as a text, by its number.
type lineSource struct {
	*counted
	lines  *bufio.Reader
	number int
}

func (s *lineSource) unit() string { return "line" }

func (s *lineSource) next() (item, error) {
	line, err := s.line()
	it := item{number: s.number}
	if err != nil {
		return it, err
	}
	it.id = json.RawMessage(strconv.Itoa(s.number))
	it.input.Fields = []screen.Field{{Text: string(line)}}
	return it, nil
}

// line reads the next line without its end and without a byte order mark; io.EOF after the
// last. Lines of nothing but space are passed over.
func (s *lineSource) line() ([]byte, error) {
	for {
		s.number++
		s.row = 0
		line, err := readLine(s.lines)
		if err != nil {
			return nil, err
		}
		if line = trimBOM(line, s.number); len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if !utf8.Valid(line) {
			return nil, errors.New("not UTF-8")
		}
		return line, nil
	}
}

// readLine gives the next line without its end; io.EOF after the last.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxScreenLine:
			return nil, fmt.Errorf("longer than %d bytes", maxScreenLine)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(line) == 0):
			return nil, err
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

// jsonSource takes every line as an object with id and text.
type jsonSource struct{ lineSource }

func (s *jsonSource) next() (item, error) {
	line, err := s.line()
	it := item{number: s.number}
	if err != nil {
		return it, err
	}
	var in struct {
		ID   json.RawMessage `json:"id"`
		Text *string         `json:"text"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return it, fmt.Errorf("not an object with id and text: %w", err)
	}
	if in.ID == nil || in.Text == nil {
		return it, errors.New("id or text is missing")
	}
	it.id, it.input.Fields = in.ID, []screen.Field{{Text: *in.Text}}
	return it, nil
}

// tableSource takes every row of a table as a text and, where there is such a column, an id.
type tableSource struct {
	*counted
	rows     *csv.Reader
	text, id int // columns; -1 for no ids
	number   int
}

// textColumns are what tables call the column of the text.
var textColumns = []string{"text", "content", "body", "review", "comment", "message", "文本", "内容", "正文", "评论"}

func newTable(r *counted, tabs, loose bool, column, ids string) (*tableSource, error) {
	t := &tableSource{counted: r, rows: csv.NewReader(r), text: -1, id: -1, number: 1}
	t.rows.LazyQuotes, t.rows.FieldsPerRecord, t.rows.ReuseRecord = loose, -1, true
	if tabs {
		t.rows.Comma = '\t'
	}
	head, err := t.rows.Read()
	if errors.Is(err, io.EOF) {
		return t, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the header: %w", err)
	}
	names := make([]string, len(head))
	for i, h := range head {
		names[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
	}
	find := func(wanted ...string) int {
		for _, w := range wanted {
			if i := slices.Index(names, strings.ToLower(w)); i >= 0 {
				return i
			}
		}
		return -1
	}
	if column != "" {
		t.text = find(column)
	} else {
		t.text = find(textColumns...)
	}
	if t.text < 0 {
		return nil, fmt.Errorf("%w: no column for the text among %s; name it with --column", errUse, strings.Join(names, ", "))
	}
	if ids == "" {
		t.id = find("id")
	} else if t.id = find(ids); t.id < 0 {
		return nil, fmt.Errorf("%w: no column is called %q", errUse, ids)
	}
	return t, nil
}

func (t *tableSource) unit() string { return "row" }

func (t *tableSource) next() (item, error) {
	t.number++
	t.row = 0
	row, err := t.rows.Read()
	it := item{number: t.number}
	if _, ok := errors.AsType[*csv.ParseError](err); ok {
		err = fmt.Errorf("%w; --loose-quotes takes quotes as they stand", err)
	}
	if err != nil {
		return it, err
	}
	if t.text >= len(row) {
		return it, errors.New("it has no text: fewer columns than the header")
	}
	if !utf8.ValidString(row[t.text]) {
		return it, errors.New("not UTF-8")
	}
	it.input.Fields = []screen.Field{{Text: strings.Clone(row[t.text])}}
	it.id = json.RawMessage(strconv.Itoa(t.number))
	if t.id >= 0 && t.id < len(row) {
		it.id, err = json.Marshal(row[t.id])
	}
	return it, err
}

// pictures takes every picture of a folder and the folders in it, by its path there.
type pictures struct {
	root  string
	files []string
	at    atomic.Int64
}

func pictureSource(root string) (source, int64, error) {
	p := &pictures{root: root}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".jpg", ".jpeg", ".png", ".webp", ".gif":
			if d.Type().IsRegular() {
				p.files = append(p.files, path)
			}
		}
		return nil
	})
	return p, int64(len(p.files)), err
}

func (p *pictures) read() int64  { return p.at.Load() }
func (p *pictures) unit() string { return "picture" }
func (p *pictures) close() error { return nil }

func (p *pictures) next() (it item, err error) {
	at := int(p.at.Load())
	if at == len(p.files) {
		return it, io.EOF
	}
	path := p.files[at]
	p.at.Add(1)
	it.number = at + 1
	name, err := filepath.Rel(p.root, path)
	if err != nil {
		return it, err
	}
	if it.id, err = json.Marshal(filepath.ToSlash(name)); err != nil {
		return it, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return it, err
	}
	if info.Size() > maxScreenLine {
		return it, fmt.Errorf("%s is larger than %d bytes", name, maxScreenLine)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return it, err
	}
	it.input.Pictures = []*screen.Picture{screen.NewPicture(data)}
	return it, nil
}
