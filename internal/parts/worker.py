"""Looks at pictures for Loam: one child process, fed through its standard streams.

A request is four bytes of length (big endian), one byte of what is wanted (r: the words, u:
how unsafe, f: the faces) and the picture's file; or v and a sound's samples, see voices.py. An answer is four bytes of length and a JSON object. The
first answer comes unasked, when the models are loaded. The child ends with its input, and,
with code 0, when nothing was asked for a while.

sys.argv: the folder of the models, bytes of data memory, seconds of CPU for one request,
seconds to wait for one.
"""

import functools
import hashlib
import json
import os
import resource
import select
import struct
import sys

folder, (memory, seconds, patience) = sys.argv[1], map(int, sys.argv[2:])
resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
os.nice(10)
os.environ.update(
    OPENCV_IO_MAX_IMAGE_PIXELS="50000000",  # as many as Loam takes in
    OPENBLAS_NUM_THREADS="1",
    OMP_NUM_THREADS="1",
)

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import onnxruntime as ort  # noqa: E402

cv2.setNumThreads(1)
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

AREA = 640 * 480  # pixels the detector looks at, of a picture or a piece of one
PIECES = 6  # of a picture much longer than wide
LINES = 64  # read in one picture, the largest first
HEIGHT = 48  # pixels of a line, as the recogniser was trained
WIDTH = 1600  # the longest line
SQUEEZE = 0.6  # of a line's width: the recogniser hardly minds, and takes so much less time
SCALE = np.float32([1 / 0.229, 1 / 0.224, 1 / 0.225]) / 255  # as the models were trained
SHIFT = np.float32([0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225])
SHRUNK = 32  # pictures kept small between being read and being judged
CLASSES = ["drawing", "hentai", "neutral", "porn", "sexy"]


def session(name):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    path = os.path.join(folder, name)
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


find, read, judge = session("ocr-det.onnx"), session("ocr-rec.onnx"), session("unsafe.onnx")
alphabet = [""] + read.get_modelmeta().custom_metadata_map["character"].splitlines() + [" "]


def decode(data):
    """The picture's pixels as blue, green, red; what is transparent is seen on white."""
    jpeg = data[:2] == b"\xff\xd8"
    if not jpeg and data[:4] not in (b"\x89PNG", b"GIF8", b"RIFF"):
        return None  # OpenCV knows more formats than Loam takes in
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR if jpeg else cv2.IMREAD_UNCHANGED)
    if pixels is None:
        return None
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
    if pixels.shape[2] == 4:
        clear = pixels[:, :, 3] < 32
        pixels = np.ascontiguousarray(pixels[:, :, :3])
        pixels[clear] = 255
    return pixels


def pieces(pixels, share=8):
    """The picture, or what it is cut into so that small things stay visible, each with its place.

    Neighbours have 1/share of the short side in common.
    """
    high, wide = pixels.shape[:2]
    long, short = max(high, wide), min(high, wide)
    n = min(PIECES, -(-long // (2 * short)))
    step, size = long / n, long / n + (short // share if n > 1 else 0)  # they overlap: nothing small is cut in all
    for i in range(n):
        begin, end = int(i * step), int(min(long, i * step + size))
        yield (pixels[begin:end], 0, begin) if high > wide else (pixels[:, begin:end], begin, 0)


def smaller(pixels, w, h):
    """The pixels as w × h of them; averaging pairs is quick, and keeps small letters."""
    while pixels.shape[0] >= 2 * h and pixels.shape[1] >= 2 * w:
        pixels = cv2.resize(pixels, (pixels.shape[1] // 2, pixels.shape[0] // 2), interpolation=cv2.INTER_AREA)
    return cv2.resize(pixels, (w, h))


def boxes(pixels):
    """Places of lines as (area, rotated rectangle), by differentiable binarisation."""
    high, wide = pixels.shape[:2]
    ratio = min(1.0, (AREA / (high * wide)) ** 0.5)
    h, w = (max(32, round(side * ratio / 32) * 32) for side in (high, wide))
    small = smaller(pixels, w, h)
    tensor = np.empty((1, 3, h, w), np.float32)
    for c, plane in enumerate(cv2.split(small)):
        tensor[0, c] = plane * SCALE[c] - SHIFT[c]
    likely = find.run(None, {"x": tensor})[0][0, 0]
    mask = cv2.dilate((likely > 0.3).astype(np.uint8), np.ones((2, 2), np.uint8))
    for outline in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0][:1000]:
        centre, (a, b), angle = cv2.minAreaRect(outline)
        if min(a, b) < 3:
            continue
        x, y, bw, bh = cv2.boundingRect(outline)
        inside = np.zeros((bh, bw), np.uint8)
        cv2.drawContours(inside, [outline - (x, y)], 0, 1, -1)
        if cv2.mean(likely[y : y + bh, x : x + bw], inside)[0] < 0.5:
            continue
        grow = 1.6 * a * b / (a + b)
        corners = cv2.boxPoints((centre, (a + grow, b + grow), angle)) * (wide / w, high / h)
        yield corners.astype(np.float32)


def upright(corners):
    """The corners clockwise from the upper left."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    (tl, bl), (tr, br) = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
    return np.array([tl, tr, br, bl], np.float32)


def line(pixels, corners):
    """One line's words and how sure they are, by connectionist temporal classification."""
    across = max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[3] - corners[2]))
    down = max(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[2]))
    if down > 1.5 * across:  # written on its side
        corners, across, down = np.roll(corners, -1, axis=0), down, across
    wide = int(min(WIDTH, max(32, round(HEIGHT * across / max(down, 1) * SQUEEZE))))
    wide = -(-wide // 16) * 16
    target = np.array([[0, 0], [wide, 0], [wide, HEIGHT], [0, HEIGHT]], np.float32)
    strip = cv2.warpPerspective(
        pixels, cv2.getPerspectiveTransform(corners, target), (wide, HEIGHT),
        flags=cv2.INTER_AREA if down > 2 * HEIGHT else cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
    )
    tensor = (strip.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]
    steps = read.run(None, {"x": tensor})[0][0]
    best, last, words, sure = steps.argmax(1), 0, [], []
    for i, k in enumerate(best):
        if k != 0 and k != last:
            words.append(alphabet[k])
            sure.append(float(steps[i, k]))
        last = k
    return "".join(words).strip(), sum(sure) / len(sure) if sure else 0.0


def lines(pixels):
    found = []
    for piece, dx, dy in pieces(pixels):
        found += [upright(c + np.float32((dx, dy))) for c in boxes(piece)]
    found = sorted(found, key=cv2.contourArea, reverse=True)[:LINES]
    out = []
    for corners in sorted(found, key=lambda c: (c[:, 1].min(), c[:, 0].min())):
        words, score = line(pixels, corners)
        if words:
            out.append({"text": words, "score": round(score, 4)})
    return {"lines": out}


def at_corners(side, n):
    """Where n samples over side pixels fall, the first and last on the edges."""
    place = np.arange(n) * ((side - 1) / (n - 1))
    low = np.minimum(place.astype(int), side - 1)
    return low, np.minimum(low + 1, side - 1), (place - low).astype(np.float32)


def shrink(pixels, n=224):
    """n × n pixels as nsfwjs makes them: bilinear, corners aligned, nothing averaged."""
    y, y1, fy = at_corners(pixels.shape[0], n)
    x, x1, fx = at_corners(pixels.shape[1], n)
    fx, fy = fx[None, :, None], fy[:, None, None]
    top = pixels[np.ix_(y, x)] * (1 - fx) + pixels[np.ix_(y, x1)] * fx
    bottom = pixels[np.ix_(y1, x)] * (1 - fx) + pixels[np.ix_(y1, x1)] * fx
    return top * (1 - fy) + bottom * fy


def classes(small):
    tensor = small[None, :, :, ::-1].astype(np.float32) / 255
    return {"classes": dict(zip(CLASSES, (round(float(p), 6) for p in judge.run(None, {"x": tensor})[0][0])))}


# Faces: TinyYOLOv2 finds them, 68 points set them upright, dlib's ResNet tells them by 128 numbers.
FACES = 16  # of one picture, the largest
FACE_SIDES = (160, 224, 320, 640)  # pixels of the squares a picture is looked at in: the finder knows faces of 20 to 200
FACE_SURE = 0.5  # the least score
FACE_PLACES = 400  # compared with each other, the surest first
FACE_LEAST = 48  # pixels of a face's width
FACE_ASKEW = 6  # pixels, of FACE_PRINT, the points may be off: past it a profile, or no face
FACE_PRINT = 150  # pixels of the square a face is told from
ANCHORS = np.float32([(1.603231, 2.094468), (6.041143, 7.080126), (2.882459, 3.518061), (4.266906, 5.178857), (9.041765, 10.66308)])
# Where dlib sets, in that square, the corners of the eyes and the foot of the nose, and which of the 68 points they are.
UPRIGHT = FACE_PRINT / 1.5 * (0.25 + 0.25j + np.array([0.1206 + 0.2137j, 0.3341 + 0.2291j, 0.6461 + 0.2290j, 0.8596 + 0.2135j, 0.4901 + 0.6278j]))
CORNERS = [36, 39, 42, 45, 33]


@functools.cache
def face_models():
    """Loaded when first asked: most installations compare nobody."""
    return session("face-find.onnx"), session("face-align.onnx"), session("face-print.onnx")


def run(model, square):
    return model.run(None, {"x": square[None, :, :, ::-1].astype(np.float32)})[0][0]


def face_boxes(pixels, side):
    """Places of faces (left, top, right, bottom) and how sure they are, by TinyYOLOv2."""
    high, wide = pixels.shape[:2]
    w, h = (max(1, round(length * side / max(high, wide))) for length in (wide, high))
    square = np.zeros((side, side, 3), np.uint8)
    square[:h, :w] = smaller(pixels, w, h)
    cells = run(face_models()[0], square)
    n = len(cells)
    cells = cells.reshape(n, n, 5, 5).astype(np.float64)
    sure = 1 / (1 + np.exp(-cells[..., 4]))
    row, column, anchor = np.nonzero(sure > FACE_SURE)
    one = cells[row, column, anchor]
    centre = (np.stack([column, row], 1) + 1 / (1 + np.exp(-one[:, :2]))) / n
    half = np.exp(np.minimum(one[:, 2:4], 3)) * ANCHORS[anchor] / n / 2
    scale = np.array([side / w * wide, side / h * high] * 2)
    return np.hstack([centre - half, centre + half]) * scale, sure[row, column, anchor]


def apart(places, sure):
    """Which places stay, the surest first, where no two may have much of the smaller in common."""
    kept = []
    for i in np.argsort(-sure, kind="stable")[:FACE_PLACES]:
        a = places[i]
        for j in kept:
            b = places[j]
            common = np.prod(np.maximum(0, np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])))
            if common > 0.4 * min(np.prod(a[2:] - a[:2]), np.prod(b[2:] - b[:2])):
                break
        else:
            kept.append(i)
    return kept


def turned(pixels, a, b, side):
    """The square whose place z, as a complex number, shows what is at (z - b) / a in the picture."""
    move = np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])
    return cv2.warpAffine(pixels, move, (side, side), flags=cv2.INTER_LINEAR)


def face_print(pixels, place):
    """The 128 numbers of the face at a place, None where it cannot be set upright."""
    size = max(place[2:] - place[:2])
    centre = (place[:2] + place[2:]) / 2
    left, top = (int(v) for v in np.maximum(0, centre - size))
    right, bottom = (int(v) + 1 for v in centre + size)
    patch = pixels[top:bottom, left:right]
    shrink = max(1, size / (1.2 * FACE_PRINT))
    if shrink > 1:
        w, h = (max(1, round(side / shrink)) for side in (patch.shape[1], patch.shape[0]))
        patch = smaller(patch, w, h)
    corner = complex(*(centre - size / 2 - (left, top))) / shrink
    size /= shrink
    points = run(face_models()[1], turned(patch, 112 / size + 0j, -corner * 112 / size, 112)).reshape(68, 2)[CORNERS]
    points = corner + size * (points[:, 0] + 1j * points[:, 1])
    there, here = points - points.mean(), UPRIGHT - UPRIGHT.mean()
    a = np.vdot(there, here) / np.vdot(there, there)  # the least squares of a turn and a scale
    if not np.mean(np.abs(a * there - here) ** 2) <= FACE_ASKEW**2:
        return None
    upright = turned(patch, a, UPRIGHT.mean() - a * points.mean(), FACE_PRINT)
    return (run(face_models()[2], upright) + run(face_models()[2], upright[:, ::-1])) / 2  # a mirrored face is the same


def faces(pixels):
    high, wide = pixels.shape[:2]
    places, sure = [], []
    for piece, dx, dy in pieces(pixels, 2):
        for side in FACE_SIDES:
            p, s = face_boxes(piece, side)
            places.append(p + (dx, dy, dx, dy))
            sure.append(s)
    places, sure = np.concatenate(places), np.concatenate(sure)
    large = places[:, 2] - places[:, 0] >= FACE_LEAST
    places, sure = places[large], sure[large]
    found = []
    for i in apart(places, sure):
        box = np.clip(np.round(places[i]), 0, (wide, high, wide, high)).astype(int).tolist()
        if box[2] > box[0] and box[3] > box[1]:
            found.append((box, round(float(sure[i]), 4), places[i]))
    out = []
    for box, score, place in sorted(found, key=lambda f: (f[0][0] - f[0][2]) * (f[0][3] - f[0][1]))[: 2 * FACES]:
        vector = face_print(pixels, place)
        if vector is not None and len(out) < FACES:
            out.append({"box": box, "score": score, "vector": [round(float(v), 6) for v in vector]})
    return {"faces": out}


shrunk = {}  # of the last pictures that were read, by their hash: they are often judged next


def answer(request):
    wanted, data = request[:1], request[1:]
    if wanted == b"v":
        return voices(data)
    key = hashlib.blake2b(data).digest()
    if wanted == b"u" and key in shrunk:
        return classes(shrunk.pop(key))
    pixels = decode(data)
    if pixels is None or min(pixels.shape[:2]) < 2:
        return {"error": "not a picture"}
    if wanted == b"f":
        return faces(pixels)
    small = shrink(pixels)
    if wanted == b"u":
        return classes(small)
    shrunk[key] = small
    if len(shrunk) > SHRUNK:
        del shrunk[next(iter(shrunk))]
    return lines(pixels)


def take(stream, n):
    data = stream.read(n)
    if len(data) < n:
        sys.exit(0)  # nobody asks any more
    return data


def give(stream, value):
    body = json.dumps(value, ensure_ascii=False).encode()
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def main():
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    give(answers, {"ready": True})
    while select.select([requests], [], [], patience)[0]:
        request = take(requests, *struct.unpack(">I", take(requests, 4)))
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))
        try:
            give(answers, answer(request))
        except (cv2.error, MemoryError, ValueError) as e:
            give(answers, {"error": type(e).__name__})
