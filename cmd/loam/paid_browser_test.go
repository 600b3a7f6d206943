package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// wire stands between browsers and a house. While it is cut, what is asked of a model still
// reaches the house and is done there, but half of the answer is lost on the way. (Of none at
// all a browser asks again by itself, under the same key.)
type wire struct {
	*httptest.Server
	cut  atomic.Bool
	lost atomic.Int64
}

func newWire(t testing.TB, h *house) *wire {
	t.Helper()
	to, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	way := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
	}}
	w := &wire{}
	w.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/generations") && w.cut.Load() {
			all := httptest.NewRecorder()
			way.ServeHTTP(all, r)
			w.lost.Add(1)
			out.Header().Set("Content-Type", all.Header().Get("Content-Type"))
			out.Header().Set("Content-Length", strconv.Itoa(all.Body.Len()))
			_, _ = out.Write(all.Body.Bytes()[:all.Body.Len()/2])
			_ = http.NewResponseController(out).Flush()
			panic(http.ErrAbortHandler)
		}
		way.ServeHTTP(out, r)
	}))
	t.Cleanup(func() {
		w.CloseClientConnections()
		w.Close()
	})
	return w
}

// TestBrowserPaidOnce: an answer that is lost on the network is not paid a second time, and
// what was paid can be opened again after the window was closed.
func TestBrowserPaidOnce(t *testing.T) {
	t.Parallel()
	e := newEngine(t, wellBehaved)
	h := newHouse(t, withModel(e))
	w := newWire(t, h)
	ann := h.person("ann")
	s := ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
	p := openPage(t, w.URL, 1280, 900)
	p.signIn("ann")
	p.open("/app/note/" + s.ID)

	w.cut.Store(true)
	p.push("#ask-model")
	p.sees("网络断开了")
	w.cut.Store(false)
	p.open("/app/note/" + s.ID)
	p.push("#ask-model")
	p.tabTo("#use-body")
	if n := e.calls.Load(); n != 1 || w.lost.Load() == 0 {
		t.Fatalf("a draft: %d upstream calls after %d lost answers, want 1", n, w.lost.Load())
	}

	w.cut.Store(true)
	p.rewriteAll("更亲切")
	p.push("#pay-rewrite")
	p.sees("网络断开了")
	w.cut.Store(false)
	p.push("#pay-rewrite")
	p.wait("difference", `document.querySelector(".diff ins.by-model")`)
	if n := e.calls.Load(); n != 2 {
		t.Fatalf("a rewrite: %d upstream calls, want 2", n)
	}

	// Another window knows nothing of either, but the list of calls does.
	q := openPage(t, h.url, 1280, 900)
	q.signIn("ann")
	q.open("/app/note/" + s.ID)
	q.push(".calls summary")
	q.push(".calls tr:nth-of-type(2) button")
	q.tabTo("#use-body")
	q.push(".calls tr:nth-of-type(1) button")
	q.push("#compare")
	q.wait("difference", `document.querySelector(".diff ins.by-model")`)
	q.push("#take-rewrite")
	q.wait("the answer taken", `document.querySelector("#body").value.includes("雨点敲在玻璃上")`)

	// She asks for other words now: that is another question.
	p.open("/app/note/" + s.ID)
	w.cut.Store(true)
	p.push("#ask-model")
	p.sees("网络断开了")
	w.cut.Store(false)
	p.typeInto("#body", "换了一家店")
	p.push("#ask-model")
	p.tabTo("#use-body")
	if n := e.calls.Load(); n != 4 {
		t.Errorf("other words: %d upstream calls, want 4", n)
	}
}

// rewriteAll opens the menu for the whole text by keyboard and chooses from it.
func (p *page) rewriteAll(name string) {
	p.t.Helper()
	p.tabTo("#rewrite-body")
	p.choose(name)
}
