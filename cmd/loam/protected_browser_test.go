package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"loam"
	"loam/internal/web"
)

// TestBrowserProtection: a creator asks for the protection of her voice with a file and whose it is;
// nothing goes without her own consent; another reviews it; she reads where it was seen, says so,
// and takes it back, and nothing of it is left.
func TestBrowserProtection(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	wan, ann := h.person("wan", loam.Creator), h.person("ann", loam.Creator)
	h.person("rita", loam.Reviewer)
	file := filepath.Join(t.TempDir(), "录音棚合同.jpg")
	if err := os.WriteFile(file, noisyJPEG(t, 320, 240), 0o600); err != nil {
		t.Fatal(err)
	}
	p := openPage(t, h.url, 1440, 900)
	p.signIn("wan")
	p.open("/app/rights")
	p.click(`.rights a[href="/app/rights/protections"]`)
	p.sees("还没有登记")
	p.click("#ask")
	for name, text := range map[string]string{"name": "林晚", "aliases": "Wanwan Lin、晚晚", "subject": "林晚"} {
		p.write(fmt.Sprintf(`.challenge input[name=%q]`, name), text)
	}
	p.write(`.challenge textarea[name="text"]`, "2019 年起用这个声音唱歌")
	p.run(chromedp.SetUploadFiles(".challenge input[type=file]", []string{file}))
	p.sees("录音棚合同")
	p.write(".proofs input", "录音棚")
	p.sees("录音或照片的所有者不能替说话的人")
	if !eval[bool](p, `document.querySelector("#send").disabled`) {
		t.Error("it can be sent without her consent")
	}
	p.click("#consent")
	p.click("#truthful")
	p.click("#send")
	p.sees("等待审核")

	r := openPage(t, h.url, 1440, 900)
	r.signIn("rita")
	r.open("/app/review")
	r.click(".asked summary")
	r.sees("文件属于 录音棚")
	r.wait("the picture", `document.querySelector(".asked img")?.complete`)
	r.click(".asked .ant-btn-primary")
	r.sees("已登记「林晚」")
	p.sees("已登记")
	h.inForce(1)

	v := ann.submit(ann.begin("AI翻唱林晚的夏夜，录了一个下午，耳机听效果最好"), nil)
	ann.until(v.ID, "settled", settled)
	p.sees("在哪里发现了")
	p.sees("一篇还没公开的内容")
	p.click("[data-sighting] button")
	p.sees("你说是你本人或你允许的")

	p.click("[data-protection] .row .ant-btn")
	p.click(".ant-popconfirm-buttons .ant-btn-primary")
	p.sees("都已删除")
	h.inForce(0)
	list, err := h.db.Protections(t.Context(), wan.account.ID)
	if err != nil || len(list) != 1 || list[0].Name != "" || len(list[0].Proofs) != 0 {
		t.Errorf("left is %+v, %v", list, err)
	}
}

// TestScreensProtected takes pictures of the pages about protections, as TestScreens of all others.
func TestScreensProtected(t *testing.T) {
	dir := screensFolder(t)
	h := newHouse(t, func(c *config) { withProducer(c); c.Parts = installedParts(t) })
	wan, ann, rita := h.person("wan", loam.Creator), h.person("ann", loam.Creator), h.person("rita", loam.Reviewer)
	photo := noisyJPEG(t, 320, 240)
	wan.registers(rita, loam.ProtectVoice, "林晚", photo)
	face := wan.protection(loam.ProtectLikeness, "林晚", photo)
	// No photograph of a person is in the repository: the numbers of a face are put in by hand.
	if _, err := h.db.Pool().Exec(`UPDATE proofs SET biometric = '{"kind":"face","model":"made up","vectors":[[1]]}' WHERE protection = ''`); err != nil {
		t.Fatal(err)
	}
	face.Compare = loam.CompareConsent
	wan.must("POST", "/api/protections", face, nil)
	refused := ann.submit(ann.begin("AI翻唱林晚的夏夜，录了一个下午，耳机听效果最好"), nil)
	ann.until(refused.ID, "settled", settled)
	// As a voice finds it: no recording either.
	if _, err := h.db.Pool().Exec(`UPDATE verdicts SET doc = replace(doc, '"by":"name"', '"by":"voice"')`); err != nil {
		t.Fatal(err)
	}
	c := rita.take(0)
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleRemove, string(c.Risk)), nil)
	ann.until(refused.ID, "refused", func(v web.VersionView) bool { return v.State == loam.Refused })
	ann.until(ann.submit(ann.begin("AI翻唱林晚的夏夜，又录了一个晚上"), nil).ID, "settled", settled)
	wan.must("POST", "/api/protections", wan.protection(loam.ProtectCharacter, "团团兔", photo), nil)
	for _, width := range []int{360, 1440} {
		creator, reviewer, author := openPage(t, h.url, width, 2000), openPage(t, h.url, width, 2000), openPage(t, h.url, width, 2000)
		creator.signIn("wan")
		author.signIn("ann")
		reviewer.signIn("rita")
		for _, theme := range []string{"light", "dark"} {
			for _, lang := range []string{"zh", "en"} {
				for _, p := range []*page{creator, reviewer, author} {
					p.theme(theme)
					eval[bool](p, fmt.Sprintf(`document.cookie = "lang=%s; path=/", true`, lang))
				}
				shot := func(p *page, name string, open func()) {
					if only := os.Getenv("LOAM_TEST_SCREENS_ONLY"); strings.Contains("protected-"+name, only) {
						open()
						pause(p.ctx, 200*time.Millisecond)
						p.shotWhole(filepath.Join(dir, fmt.Sprintf("protected-%s-%d-%s-%s.png", name, width, theme, lang)))
					}
				}
				shot(creator, "mine", func() {
					creator.open("/app/rights/protections")
					creator.wait("the list", `document.querySelectorAll("[data-protection]").length === 3 && document.querySelector("[data-sighting]")`)
				})
				shot(creator, "ask", func() {
					creator.open("/app/rights/protections")
					creator.click("#ask")
					creator.wait("the form", `document.querySelector("#consent")`)
					eval[bool](creator, `document.querySelector("#compare")?.click(), true`)
				})
				shot(author, "refused", func() {
					author.open("/app/note/" + refused.Work)
					author.click("#why")
					author.wait("the statement of reasons", `document.querySelector("#appeal")`)
				})
				shot(reviewer, "review", func() {
					reviewer.open("/app/review")
					reviewer.click(".asked summary")
					reviewer.wait("the picture", `document.querySelector(".asked img")?.complete`)
				})
			}
		}
	}
}
