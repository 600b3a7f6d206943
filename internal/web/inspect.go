package web

import (
	"context"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"os"
	"slices"
	"time"

	"loam"
	"loam/internal/label"
	"loam/internal/media"
)

// maxInspect bounds a file that is checked for marks, and its form: a video of some minutes.
const maxInspect = 512 << 20

// longer are the routes whose body may be longer than a picture, with how long.
var longer = map[string]int64{"POST /api/inspect": maxInspect, "POST /verify": maxInspect}

func (s *Server) inspectRoutes() {
	s.handle("POST /api/inspect", func(w http.ResponseWriter, r *http.Request) {
		in, err := s.inspect(w, r)
		if left(w, err) {
			return
		}
		if err != nil {
			s.fail(w, r, err)
			tellNow(w)
			return
		}
		writeJSON(w, http.StatusOK, in.Report)
	})
	s.handle("GET /verify", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, http.StatusOK, "verify.html", view{Title: sentence(langOf(r), "verify.title"), Data: inspection{}})
	})
	s.handle("POST /verify", func(w http.ResponseWriter, r *http.Request) {
		in, err := s.inspect(w, r)
		if left(w, err) {
			return
		}
		status := http.StatusOK
		if err != nil {
			s.note(r.Context(), err)
			p := problem(langOf(r), err)
			in.Problem, status = p.Detail, p.Status
			maps.Copy(w.Header(), p.GetHeaders())
		}
		s.render(w, r, status, "verify.html", view{Title: sentence(langOf(r), "verify.title"), Data: in, Spent: true})
		if err != nil {
			tellNow(w)
		}
	})
}

// left reports whether a request has ended before its answer: its client left, which is no failure to
// be logged, or the server stops, which the status says.
func left(w http.ResponseWriter, err error) bool {
	if !errors.Is(err, context.Canceled) {
		return false
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	return true
}

// tellNow sends a refusal off while the file may still be coming in.
func tellNow(w http.ResponseWriter) {
	_ = http.NewResponseController(w).Flush() // without support it goes out when the file is there
}

// inspection is what the verify page shows of a file that was dropped on it.
type inspection struct {
	label.Report
	Name    string // as the file was called by who sent it
	Problem string // why it could not be read, as a sentence
}

// Asked reports whether a file was sent.
func (i inspection) Asked() bool { return i.Type != "" }

// Verdict is the state as the page words it: "trace" where nothing in the file is a label and
// a generator only left traces.
func (i inspection) Verdict() string {
	if len(i.Marks) > 0 && !slices.ContainsFunc(i.Marks, func(m label.MarkReport) bool { return m.Kind != media.KindTrace }) {
		return media.KindTrace
	}
	return string(i.State)
}

// Moved reports whether a label in it belongs to another file by the record here.
func (i inspection) Moved() bool {
	return slices.ContainsFunc(i.Marks, func(m label.MarkReport) bool {
		return slices.ContainsFunc(m.Defects, func(f label.Fault) bool { return f.Code == "moved" })
	})
}

// Faulty reports whether a label in it breaks the standard, by its form or beside another.
func (i inspection) Faulty() bool {
	return slices.ContainsFunc(i.Marks, func(m label.MarkReport) bool {
		return m.Kind == media.KindImplicit && slices.ContainsFunc(m.Defects, func(f label.Fault) bool { return f.Level == "error" })
	})
}

// Broken reports whether a signature in it is invalid.
func (i inspection) Broken() bool {
	return slices.ContainsFunc(i.Marks, func(m label.MarkReport) bool { return m.Signature == label.SignedInvalid })
}

// inspect reads the marks of the file in a request: the body itself, or the form field
// "file". It lies on the disk without a name while it is read, and nowhere afterwards. A
// place to read in is taken when all of it came: however slowly one sends, others are read. Who
// finds no place in time is told to come again: Unavailable, "inspect.busy".
func (s *Server) inspect(w http.ResponseWriter, r *http.Request) (inspection, error) {
	c := callerOf(r.Context())
	who, often := c.address, s.slow
	if c.account != nil {
		who, often = c.id(), s.quick
	}
	if !often.allow("inspect "+who) || !s.checkers.take(who) {
		return inspection{}, loam.Fail(loam.Limited, "request.too_often")
	}
	defer s.checkers.leave(who)
	if r.ContentLength > maxInspect {
		return inspection{}, loam.Fail(loam.TooLarge, "inspect.too_large")
	}
	file, name, err := s.arrived(w, r)
	if err != nil {
		if loam.KindOf(err) == loam.TooSlow {
			w.Header().Set("Connection", "close")
		}
		return inspection{}, err
	}
	defer file.Close()
	leave, err := s.place(r.Context(), s.inspections, "inspect.busy")
	if err != nil {
		return inspection{}, err
	}
	defer leave()
	info, err := file.Stat()
	if err != nil {
		return inspection{}, err
	}
	if info.Size() == 0 {
		return inspection{Name: name}, loam.Fail(loam.Invalid, "inspect.file")
	}
	src, known := io.NewSectionReader(file, 0, info.Size()), s.Known()
	known.Record = func(id string) (label.Match, error) { return s.Match(r.Context(), src, id) }
	report, err := label.Check(r.Context(), src, known)
	return inspection{Report: report, Name: name}, err
}

// place takes one of a number of places, which its taker leaves; code is the Unavailable of who
// waited in vain.
func (s *Server) place(ctx context.Context, places chan struct{}, code string) (leave func(), err error) {
	late := time.NewTimer(s.patience)
	defer late.Stop()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-late.C:
		return nil, loam.Fail(loam.Unavailable, code)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// arrived spools the file of a request. Few arrive at once: each may take half a gigabyte of
// the disk. From when it has its place it must come at a pace.
func (s *Server) arrived(w http.ResponseWriter, r *http.Request) (*os.File, string, error) {
	leave, err := s.place(r.Context(), s.arrivals, "inspect.busy")
	if err != nil {
		return nil, "", err
	}
	defer leave()
	control := http.NewResponseController(w)
	// Without support for deadlines nothing is lost but this.
	body := paced{Reader: r.Body, pace: s.pace.of(r.ContentLength), since: s.Clock(), until: func(t time.Time) { _ = control.SetReadDeadline(t) }}
	body.until(body.due(body.since, 0))
	r.Body = io.NopCloser(&body)
	file, name, err := sent(r)
	switch {
	case err == nil:
		body.until(s.Clock().Add(largeBodyTime)) // it may wait for its turn: net/http would take a deadline for a client that left
	case body.late: // a form that ends within a line is told as a wrong one
		err = loam.Fail(loam.TooSlow, "inspect.too_slow").Because(err)
	}
	return file, name, tooLarge(err, "inspect.too_large", err)
}

// pace is how fast a body has to come: after grace, rate bytes a second on the whole, and within
// most however much it is.
type pace struct {
	grace, most time.Duration
	rate        int64
}

// of is the pace of a body that says how long it is: what is to arrive within most comes evenly
// until then, so that nobody keeps a place for a long file by sending a short one. One that does
// not say is taken for the longest.
func (p pace) of(length int64) pace {
	if length < 0 {
		length = maxInspect
	}
	p.rate = max(p.rate, length/max(1, int64((p.most-p.grace)/time.Second)))
	return p
}

// due is when more has to be there, of a body of which so much came since it began.
func (p pace) due(since time.Time, came int64) time.Time {
	return since.Add(min(p.grace+time.Duration(came)*time.Second/time.Duration(p.rate), p.most))
}

// paced is a body whose reading ends when it falls behind its pace.
type paced struct {
	io.Reader
	pace
	since time.Time
	came  int64
	until func(time.Time)
	late  bool // it fell behind
}

// Read moves the deadline on by what came.
func (p *paced) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if n > 0 && err == nil {
		p.came += int64(n)
		p.until(p.due(p.since, p.came))
	}
	p.late = p.late || errors.Is(err, os.ErrDeadlineExceeded)
	return n, err
}

// sent spools the one file of a request.
func sent(r *http.Request) (file *os.File, name string, err error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		file, err = spooled(r.Body)
		return file, "", cutOff(err)
	}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, "", loam.Fail(loam.Invalid, "inspect.file").Because(err)
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, "", loam.Fail(loam.Invalid, "inspect.file")
		}
		if err != nil {
			return nil, "", tooLarge(err, "inspect.too_large", loam.Fail(loam.Invalid, "inspect.file").Because(err))
		}
		if part.FormName() == "file" {
			file, err = spooled(part)
			return file, part.FileName(), cutOff(err)
		}
	}
}

// cutOff is err as the sender's where she stopped sending before the end.
func cutOff(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return loam.Fail(loam.Invalid, "inspect.file").Because(err)
	}
	return err
}
