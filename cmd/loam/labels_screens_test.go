package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"loam"
)

// TestScreensLabels takes pictures of the pages about labels, as TestScreens of all others.
func TestScreensLabels(t *testing.T) {
	dir := screensFolder(t)
	l := newLabelScreens(t)
	for _, width := range []int{360, 1440} {
		l.take(t, width, os.Getenv("LOAM_TEST_SCREENS_ONLY"), func(p *page, name, as string) {
			pause(p.ctx, 150*time.Millisecond)
			p.shotWhole(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, as)))
		})
	}
}

// labelScreens are the pages about labels that only show something when somebody has done
// something: what a file says, an appeal and its case, an application and its log.
type labelScreens struct {
	house      *house
	wrong, own string            // works: one whose label is to be challenged, one a model wrote
	files      map[string]string // to be checked, by the page's name
	original   string            // handed in as evidence
}

// newLabelScreens has people and files who do that.
func newLabelScreens(t *testing.T) labelScreens {
	t.Helper()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann")
	h.person("rita", loam.Reviewer)
	h.person("olga", loam.Operator)
	dir := t.TempDir()
	photo := noisyJPEG(t, 64, 64)
	file := func(name string, b []byte) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	own := ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
	g := ann.generated(own.ID)
	ann.must("PUT", "/api/works/"+own.ID+"/draft", map[string]any{"revision": own.Revision, "title": g.Draft.Titles[0], "body": g.Draft.Body, "pages": []loam.Page{{Kind: loam.PageCover, Title: g.Draft.Titles[0]}}}, &own)
	v := ann.until(ann.submit(own, nil).ID, "settled", settled)
	good := ann.must("GET", "/api/versions/"+v.ID+"/pictures/1", nil, nil).body
	broken := bytes.Clone(good)
	broken[len(broken)-40] ^= 1
	for _, recipient := range []string{"楼下的印刷厂", "一家名字很长很长的、做展板和海报也做喷绘写真的广告图文制作有限公司（西湖区分店）"} {
		var w loam.Waiver
		ann.must("POST", "/api/versions/"+v.ID+"/waivers", map[string]string{"recipient": recipient, "purpose": "印展板", "agreement": loam.WaiverAgreement}, &w)
		ann.must("GET", "/api/waivers/"+w.ID+"/"+loam.PictureField(1), nil, nil)
		ann.must("GET", "/api/waivers/"+w.ID+"/text", nil, nil)
	}
	appealed, wrong := ann.begin("入手了一个二手书架，99元，用了三个月，很稳"), ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	x := ann.shows(&appealed, ann.upload(appealed.ID, traced(t)), false)
	var exhibits []string
	for name, data := range map[string][]byte{"IMG_2043 相机原图.jpg": noisyJPEG(t, 640, 480), "一个名字很长很长的分层文件-书架-最终版-真的最终版-2026-11-26-打印用.psd": []byte("8BPS\x00\x01\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x01\x00\x00\x00\x01\x00\x00\x08\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x00\x05\x00\x07")} {
		var e loam.Exhibit
		body, kind := fileForm(t, name, data)
		ann.must("POST", "/api/versions/"+x.ID+"/exhibits", body, &e, "Content-Type", kind)
		exhibits = append(exhibits, e.ID)
	}
	ann.must("POST", "/api/versions/"+x.ID+"/label-appeals", map[string]any{"field": loam.PictureField(1), "text": "这是我自己拍的，用修图软件改过亮度；相机原图和分层文件都在证据里。", "exhibits": exhibits}, nil)
	ann.shows(&wrong, ann.upload(wrong.ID, traced(t)), false)
	return labelScreens{
		house: h, wrong: wrong.ID, own: own.ID, original: file("IMG_2044 相机原图-一个名字很长很长的文件-最终版-真的最终版.jpg", noisyJPEG(t, 160, 120)),
		files: map[string]string{
			"verify-good": file("一张名字非常非常长的图片-周末去湖边的咖啡馆坐了一下午-最终版-真的最终版-2026-11-26.png", good), "verify-broken": file("broken.png", broken),
			"verify-none": file("plain.jpg", photo), "verify-cut-none": file("cut.jpg", photo[:len(photo)-100]), "verify-trace": file("traced.png", traced(t)), "verify-cut": file("cut.png", good[:len(good)/2]),
			"verify-two-files": file("two.mp4", append([]byte("\x00\x00\x00\x10ftypisom\x00\x00\x02\x00\x00\x00\x00\x08moov"), photo...)),
			"verify-unread":    file("a.bin", []byte("\x00\x01\x02")), "verify-dirty": file("note.md", []byte("---\nAIGC:\n  Label: 1\n  contentProducer: 某公司\n---\n湖边\n")),
		},
	}
}

// take takes every picture of them, by the names that hold only.
func (l labelScreens) take(t *testing.T, width int, only string, shot func(p *page, name, as string)) {
	t.Helper()
	p := openPage(t, l.house.url, width, 1800) // to the end of what is said
	each := func(f func(as string)) {
		for _, theme := range []string{"light", "dark"} {
			p.theme(theme)
			for _, lang := range []string{"zh", "en"} {
				eval[bool](p, fmt.Sprintf(`document.cookie = "lang=%s; path=/", true`, lang))
				f(theme + "-" + lang)
			}
		}
	}
	taken := func(name, as string) {
		if eval[bool](p, `/操作太频繁|Too many requests|空位|being checked right now/.test(document.body.innerText)`) {
			t.Errorf("%s, %d, %s: the picture is of a refusal to answer so often", name, width, as)
		}
		shot(p, name, as)
	}
	wants := func(name string) bool { return strings.Contains(name, only) }
	p.open("/verify")
	for name, file := range l.files {
		if wants(name) {
			// One address may check ten files, then has to wait.
			if _, err := chromedp.Call(p.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"X-Forwarded-For": l.house.visitor().address}}); err != nil {
				t.Fatal(err)
			}
			each(func(as string) {
				p.open("/verify")
				p.run(chromedp.SetUploadFiles("#file", []string{file}))
				eval[bool](p, `document.querySelector("form[action='/verify']").submit(), true`)
				p.wait(name, `document.querySelector(".verdict")`)
				taken(name, as)
			})
		}
	}
	confirm := func(work string) {
		p.open("/app/note/" + work)
		p.click("#continue")
		p.wait("a version to confirm", `document.querySelector("#confirm:not([disabled])")`)
	}
	for _, x := range []struct {
		name, who string
		show      func()
	}{
		{"label-appeal", "ann", func() {
			confirm(l.wrong)
			p.click(".why .link")
			p.write(".challenge textarea", "这是我自己拍的，用修图软件改过亮度；相机原图在证据里")
			p.run(chromedp.SetUploadFiles(".challenge input[type=file]", []string{l.original}))
			p.wait("the file", `document.querySelector(".exhibits li")`)
		}},
		{"waiver", "ann", func() {
			confirm(l.own)
			p.click(".confirm .take summary")
			p.click(".take .take summary")
			p.write("#recipient", "楼下的印刷厂")
		}},
		{"label-case", "rita", func() {
			p.open("/app/review")
			p.wait("the case", `document.querySelector(".exhibits img")?.complete`)
		}},
		{"waivers-log", "olga", func() {
			p.open("/app/operate/waivers")
			p.wait("the log", `document.querySelectorAll("[data-row-key]").length === 2`)
		}},
	} {
		if !wants(x.name) {
			continue
		}
		p.open("/app/sign-in")
		eval[int](p, `fetch("/api/session", {method: "DELETE"}).then(r => r.status)`)
		p.signIn(x.who)
		each(func(as string) {
			x.show()
			taken(x.name, as)
		})
	}
}
