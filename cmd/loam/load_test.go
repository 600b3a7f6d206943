package main

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"loam"
)

// firstLoad is the most the app may send before its first page stands, compressed, in bytes.
const firstLoad = 400 << 10

// TestFirstLoad adds up what a browser must fetch before the app shows its first page.
func TestFirstLoad(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	v := h.visitor()
	page := v.do("GET", "/app/", nil)
	files := regexp.MustCompile(`(?:src|href)="(/(?:app/assets|static)/[^"]+)"`).FindAllSubmatch(page.body, -1)
	if len(files) < 2 {
		t.Skip("the app is not built: scripts/ui.sh")
	}
	total := len(page.body)
	for _, f := range files {
		a := v.do("GET", string(f[1]), nil, "Accept-Encoding", "gzip")
		if a.status != 200 {
			t.Errorf("%s: %d", f[1], a.status)
		}
		total += len(a.body)
	}
	t.Logf("%d files, %d KB", len(files), total>>10)
	if total > firstLoad {
		t.Errorf("the first load is %d KB, want at most %d", total>>10, firstLoad>>10)
	}
}

// BenchmarkFirstLoad opens the app in a browser with an empty cache on a processor slowed four times and
// reports when its first page can be used: the box for the idea is there.
func BenchmarkFirstLoad(b *testing.B) {
	h := newHouse(b, nil)
	times := []float64{}
	for b.Loop() {
		p := openPage(b, h.url, 1280, 900)
		if _, err := chromedp.Call(p.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 4}); err != nil {
			b.Fatal(err)
		}
		// The page's own clock, from the moment it was asked for: looking from outside takes time.
		script := `new MutationObserver(() => {
			if (document.getElementById("idea")) window.usable ??= performance.now();
		}).observe(document, {childList: true, subtree: true})`
		if _, err := chromedp.Call(p.ctx, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
			b.Fatal(err)
		}
		// A person's browser runs already: what starting one costs is not the app's.
		p.run(chromedp.Navigate(h.url + "/healthz"))
		pause(p.ctx, 3*time.Second)
		p.run(chromedp.Navigate(h.url + "/app/"))
		p.wait("the box", `window.usable`)
		times = append(times, eval[float64](p, `window.usable`))
		p.close() // the next one is alone
	}
	sum := 0.0
	for _, ms := range times {
		sum += ms
	}
	b.ReportMetric(sum/float64(len(times)), "ms/first-page")
	b.ReportMetric(slices.Max(times), "worst-ms")
}

// BenchmarkFirstCovers presses the button of the first page and reports when the first cover,
// and when the first four, can be seen: a visitor without an account, nothing slowed.
func BenchmarkFirstCovers(b *testing.B) {
	h := newHouse(b, nil)
	var first, four []float64
	for i := 0; b.Loop(); i++ {
		p := openPage(b, h.url, 1280, 900)
		p.open("/app/")
		p.wait("the box", `document.querySelector("#idea")`)
		p.put("#idea", fmt.Sprintf("周末去杭州西湖边的咖啡馆，人均%d，靠窗，拿铁好喝，停车难", 30+i))
		pause(p.ctx, 2*time.Second) // she reads it once more
		eval[bool](p, `(() => {
			const at = performance.now();
			new MutationObserver(() => {
				const drawn = [...document.querySelectorAll(".tried button img")].filter(i => i.complete && i.naturalWidth).length;
				if (drawn > 0) window.first ??= performance.now() - at;
				if (drawn > 3) window.four ??= performance.now() - at;
			}).observe(document, {childList: true, subtree: true, attributes: true});
			document.addEventListener("load", () => document.body.classList.toggle("seen"), true);
			document.querySelector(".go").click();
			return true;
		})()`)
		p.wait("the covers", `window.four`)
		first, four = append(first, eval[float64](p, `window.first`)), append(four, eval[float64](p, `window.four`))
		p.close()
	}
	b.ReportMetric(slices.Max(first), "worst-ms/first")
	b.ReportMetric(slices.Max(four), "worst-ms/four")
}

// TestLayoutStands: nothing on the public pages moves once it is there, however late the
// pictures come.
func TestLayoutStands(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	for i := range 6 {
		ann.publish(fmt.Sprintf("第%d天下班走回家，风很舒服，路边的桂花开了%d棵", i+1, i*i+2), nil)
	}
	s := ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	pages := s.Draft.Pages
	for _, size := range [][2]int{{600, 1100}, {900, 500}} { // taller and flatter than a cover
		photo := ann.upload(s.ID, noisyJPEG(t, size[0], size[1]))
		pages = append(pages, loam.Page{Kind: loam.PagePhoto, Asset: photo.ID})
	}
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "pages": pages}, &s)
	v := ann.confirm(ann.submit(s, nil))
	for _, width := range []int{360, 1440} {
		p := openPage(t, h.url, width, 800)
		p.network(network.Conditions{Latency: 200, DownloadThroughput: 300 << 10, UploadThroughput: -1}) // pictures come after the words
		for _, path := range []string{"/", "/p/" + v.Work, "/u/ann", "/search?q=" + "桂花"} {
			p.open(path)
			shifts := eval[[]string](p, `new Promise(done => {
				const moved = [];
				new PerformanceObserver(l => l.getEntries().forEach(e => {
					const of = e.sources.map(s => (s.node?.outerHTML ?? s.node?.textContent ?? "").slice(0, 80) + JSON.stringify([s.previousRect, s.currentRect]));
					moved.push(e.value + " after " + e.startTime + " ms of " + of.join("; "));
				})).observe({type: "layout-shift", buffered: true});
				Promise.all([...document.images].map(i => { i.loading = "eager"; return i.decode().catch(() => 0); })).then(() => requestAnimationFrame(() => setTimeout(() => done(moved), 100)));
			})`)
			for _, s := range shifts {
				t.Errorf("%s at %d: a layout shift of %s", path, width, s)
			}
		}
	}
}
