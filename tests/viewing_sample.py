"""A made-up view of the size and shape of five reports: five places, their bodies, plans and numbers."""

from __future__ import annotations

from operator import attrgetter

from kg.graph.selection import DocumentView, EdgeView, EvidenceView, GraphView, NodeView, ObservationView

BASE = "https://w3id.org/govkg/id/"
PLACES = (
    ("云溪市", "2020"),
    ("青岭县", "2019"),
    ("临江市", "2018"),
    ("石泉区", "2021"),
    ("白沙自治县", "2020"),
)
BODIES = [
    "司法局",
    "公安局",
    "教育局",
    "市场监督管理局",
    "行政审批服务局",
    "财政局",
    "人民法院",
    "人民检察院",
    "生态环境局",
    "应急管理局",
    "住房和城乡建设局",
    "信访局",
]
FIELDS = [
    "营商环境",
    "河道",
    "校园",
    "村居",
    "电梯",
    "餐饮",
    "网约车",
    "档案",
    "窗口",
    "工地",
    "商圈",
    "渔港",
    "老旧小区",
    "噪声",
    "水源地",
    "物业",
    "养老",
    "集市",
    "林区",
    "消防",
]
FORMS = ["整治行动", "一网通办平台", "积分制", "包案制度", "听证制度"]
PAPERS = [
    "法治政府建设工作要点",
    "重大行政决策目录",
    "行政规范性文件管理办法",
    "普法责任清单",
    "执法案卷评查方案",
    "营商环境改革方案",
    "公共法律服务体系建设规划",
    "矛盾纠纷化解工作的通知",
    "政务公开工作要点",
    "行政调解工作规定",
]
LAWS = [
    "中华人民共和国民法典",
    "中华人民共和国宪法",
    "优化营商环境条例",
    "重大行政决策程序暂行条例",
    "法治政府建设实施纲要（2015—2020年）",
    "中华人民共和国行政处罚法",
    "政府信息公开条例",
]
SHARED = [
    "放管服改革",
    "行政执法三项制度",
    "扫黑除恶专项斗争",
    "枫桥经验",
    "双随机一公开",
    "法律明白人培养工程",
    "行政机关负责人出庭应诉制度",
    "法律顾问制度",
    "12345热线",
    "证明事项告知承诺制",
]
HOSTILE = '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">甲&乙'


def seeds_like(bodies: int = 12, fields: int = 14) -> GraphView:
    """Return a view of about three hundred things and five hundred facts, the same at every call."""
    made = _Sample()
    for number, (place, year) in enumerate(PLACES):
        made.report(number, place, year, bodies, fields)
    return made.view()


def many(count: int) -> GraphView:
    """Return a view of so many documents, small and large, half of which name something in common."""
    nodes, edges, documents = [], [], []
    shared = BASE + "initiative/shared"
    reports = [BASE + f"report/{number:016x}" for number in range(count)]
    for number, report in enumerate(reports):
        place, government = BASE + f"jurisdiction/99{number:04}", BASE + f"institution/99{number:04}/政府"
        name = f"第{number + 1}自治县"
        documents.append(DocumentView(report, f"{name}2022年报告", f"{number}.txt", "2022", name))
        nodes += [
            NodeView(report, "Report", f"{name}2022年报告", (), (), ()),
            NodeView(place, "Jurisdiction", name, (), (), (report,)),
            NodeView(government, "Institution", f"{name}人民政府", (), (), (report,)),
        ]
        said = (EvidenceView(report, 0, 4, "一二三四", "一", "verb.plain"),)
        edges += [
            EdgeView(report, "issuer", government, False, ()),
            EdgeView(report, "reportsOn", place, False, ()),
            EdgeView(government, "serves", place, False, ()),
            EdgeView(government, "carriedOut", shared, False, said),
        ]
        for index in range(6 + number * 37 % 60):
            thing = BASE + f"initiative/{number}-{index}"
            nodes.append(NodeView(thing, "Initiative", f"第{index}项制度", (), (), (report,)))
            edges.append(EdgeView(government, "carriedOut", thing, False, said))
    nodes.append(NodeView(shared, "Initiative", "放管服改革", (), (), tuple(reports)))
    key = attrgetter("source", "predicate", "target")
    return GraphView(
        tuple(sorted(nodes, key=attrgetter("iri"))), tuple(sorted(edges, key=key)), (), tuple(documents)
    )


def large(documents: int = 250) -> GraphView:
    """Return a view of so many documents in ten provinces: 38 things of their own each, 500 that they share.

    With 250 documents these are 10,000 things and 30,000 facts, no two facts between the same two things.
    """
    nodes: dict[str, NodeView] = {}
    edges, about = [], []
    shared = [BASE + f"initiative/shared-{index:03}" for index in range(490)]
    provinces = [BASE + f"jurisdiction/{index + 10}0000" for index in range(10)]
    naming: dict[str, list[str]] = {iri: [] for iri in (*shared, *provinces)}

    def says(source: str, predicate: str, target: str, planned: bool = False, told: bool = True) -> None:
        start = 40 * len(edges)
        quote = f"深入推进第{len(edges)}项工作，全年解决群众反映强烈的突出问题，取得明显成效。"
        said = (EvidenceView(report, start, start + len(quote), quote, "二/(三)/1", "verb.plain"),)
        edges.append(EdgeView(source, predicate, target, planned, said if told else ()))

    def thing(path: str, kind: str, label: str) -> str:
        nodes[BASE + path] = NodeView(BASE + path, kind, label, (), (), (report,))
        return BASE + path

    for number in range(documents):
        name, year = f"第{number // 2 + 1}县", str(2022 + number % 2)
        report = BASE + f"report/{number:016x}"
        about.append(DocumentView(report, f"{name}{year}年报告", f"{number}.txt", year, name))
        thing(f"report/{number:016x}", "Report", f"{name}{year}年报告")
        place = thing(f"jurisdiction/{number % 10 + 10}{number + 1:04}", "Jurisdiction", name)
        government = thing(f"institution/{number}/0", "Institution", f"{name}人民政府")
        says(report, "issuer", government, told=False)
        says(report, "reportsOn", place, told=False)
        says(government, "serves", place, told=False)
        says(place, "within", provinces[number % 10], told=False)
        bodies = [
            thing(f"institution/{number}/{index}", "Institution", f"{name}{BODIES[index]}")
            for index in range(1, 9)
        ]
        for body in bodies:
            says(body, "serves", place, told=False)
        for index in range(27):
            field, form = FIELDS[(number + index) % 20], FORMS[index % 5]
            kind = "PolicyDocument" if index % 5 == 4 else "Honour" if index == 0 else "Initiative"
            own = thing(f"initiative/{number}/{index}", kind, f"{name}{field}{form}")
            says(government, "carriedOut", own, planned=index % 7 == 3)
            if index < 16:
                says(bodies[index % 8], "carriedOut", own)
        # Ten that every report names, thirty-six that some do; and what single bodies did of them.
        for index in (*range(10), *(10 + (number * 7 + step * 11) % 480 for step in range(36))):
            says(government, "carriedOut", shared[index], planned=index % 5 == 4)
            naming[shared[index]].append(report)
        for step in range(19):
            index = 10 + (number * 13 + step * 17) % 480
            says(bodies[step % 8], "carriedOut", shared[index])
            naming[shared[index]].append(report)
        naming[provinces[number % 10]].append(report)
    for index, iri in enumerate(provinces):
        nodes[iri] = NodeView(iri, "Jurisdiction", f"第{index + 1}省", (), (), tuple(naming[iri]))
    for index, iri in enumerate(shared):
        label = f"{FIELDS[index % 20]}{SHARED[index // 20 % 10]}{index // 200 + 1}"
        nodes[iri] = NodeView(iri, "Initiative", label, (), (), tuple(sorted(set(naming[iri]))))
    key = attrgetter("source", "predicate", "target")
    return GraphView(
        tuple(nodes[iri] for iri in sorted(nodes)), tuple(sorted(edges, key=key)), (), tuple(about)
    )


def untitled() -> GraphView:
    """Return a view of one report whose page has no title, nor says where it is from."""
    report = BASE + "report/0"
    nodes = tuple(
        NodeView(BASE + f"institution/0/{name}", "Institution", name, (), (), (report,))
        for name in ("甲局", "乙局")
    )
    said = EvidenceView(report, 0, 9, "甲局会同乙局开展检查。", "", "verb.plain")
    edge = EdgeView(nodes[0].iri, "workedWith", nodes[1].iri, False, (said,))
    return GraphView(nodes, (edge,), (), (DocumentView(report, "报告.txt", "报告.txt", "", ""),))


def hostile() -> GraphView:
    """Return a small view in which every text tries to become markup."""
    report = BASE + "report/0"
    evidence = EvidenceView(report, 0, 9, HOSTILE, HOSTILE, HOSTILE)
    nodes = tuple(
        NodeView(BASE + name + "<b>", kind, HOSTILE + name, (HOSTILE,), ((HOSTILE, HOSTILE),), (report,))
        for name, kind in (("甲", "Institution"), ("乙", HOSTILE))
    )
    edge = EdgeView(nodes[0].iri, HOSTILE, nodes[1].iri, False, (evidence,))
    seen = ObservationView(
        BASE + "o", nodes[0].iri, HOSTILE, "1", HOSTILE, False, False, "", HOSTILE, (evidence,)
    )
    return GraphView(nodes, (edge,), (seen,), (DocumentView(report, HOSTILE, HOSTILE, HOSTILE, HOSTILE),))


class _Sample:
    def __init__(self) -> None:
        self.nodes: dict[str, NodeView] = {}
        self.edges: dict[tuple[str, str, str], EdgeView] = {}
        self.seen: list[ObservationView] = []
        self.documents: list[DocumentView] = []
        self.document = ""
        self.offset = 0

    def thing(self, path: str, kind: str, label: str, alts: tuple[str, ...] = (), **attributes: str) -> str:
        iri = BASE + path
        before = self.nodes[iri].documents if iri in self.nodes else ()
        pairs = tuple(sorted(attributes.items()))
        documents = tuple(sorted({*before, self.document} - {""}))
        self.nodes[iri] = NodeView(iri, kind, label, alts, pairs, documents)
        return iri

    def says(self, quote: str) -> EvidenceView:
        start = self.offset
        self.offset += len(quote) + 1
        return EvidenceView(self.document, start, start + len(quote), quote, "二/(三)/1", "verb.plain")

    def fact(self, source: str, predicate: str, target: str, quote: str, planned: bool = False) -> None:
        before = self.edges.get((source, predicate, target))
        told = (*(before.evidence if before else ()), *((self.says(quote),) if quote else ()))
        self.edges[source, predicate, target] = EdgeView(source, predicate, target, planned, told)

    def report(self, number: int, place: str, year: str, bodies: int, fields: int) -> None:
        self.offset = 100
        self.document = ""
        province = self.thing("jurisdiction/990000", "Jurisdiction", "南岭省", code="990000")
        self.document = BASE + f"report/{number:016x}"
        title = f"{place}{year}年度法治政府建设情况报告"
        self.documents.append(DocumentView(self.document, title, f"samples/{number}_报告.txt", year, place))
        here = self.thing(
            f"jurisdiction/99010{number}", "Jurisdiction", place, code=f"99010{number}", level="市"
        )
        self.fact(here, "within", province, "")
        government = self.thing(
            f"institution/99010{number}/人民政府", "Institution", f"{place}人民政府", (f"{place}政府",)
        )
        self.fact(government, "serves", here, "")
        report = self.thing(f"report/{number:016x}", "Report", title, sourceFile=f"samples/{number}_报告.txt")
        self.fact(report, "reportsOn", here, "")
        self.fact(report, "issuer", government, "")
        council = self.thing(
            f"institution/99010{number}/人大", "Institution", f"{place}人民代表大会常务委员会"
        )
        self.fact(government, "reportedTo", council, f"现将{year}年度法治政府建设情况报告如下，请予审议。")
        owners = [government]
        for body in BODIES[: bodies - number]:
            iri = self.thing(f"institution/99010{number}/{body}", "Institution", place + body)
            self.fact(iri, "serves", here, "")
            owners.append(iri)
        self.fact(owners[1], "workedWith", owners[2], f"{BODIES[0]}会同{BODIES[1]}建立联合巡查机制。")
        for index, paper in enumerate(PAPERS):
            iri = self.thing(
                f"document/{number}/{index}",
                "PolicyDocument",
                f"{place}{paper}",
                year=year,
                docNumber=f"云政〔{year}〕{index + 1}号",
            )
            self.fact(owners[index % 3 if index > 6 else 0], "issued", iri, f"先后印发《{place}{paper}》。")
            law = self.thing(
                f"document/law/{(index + number) % 7}", "PolicyDocument", LAWS[(index + number) % 7]
            )
            if index % 3 == 0:
                self.fact(
                    iri, "basedOn", law, f"根据《{LAWS[(index + number) % 7]}》，印发《{place}{paper}》。"
                )
            self.fact(government, "implemented", law, f"认真贯彻落实《{LAWS[(index + number) % 7]}》。")
        for index, field in enumerate(FIELDS[number : number + fields]):
            for step, form in enumerate(FORMS[: 3 + (index % 2)]):
                name = f"{place[:2]}{field}{form}" if step else f"{field}{form}"
                iri = self.thing(f"initiative/{name}", "Initiative", name, (f"“{field}”{form}",))
                owner = owners[(index * 3 + step * 5) % len(owners)] if step % 2 else government
                quote = f"深入开展{field}{form}，全年解决群众反映的问题{index + 3}个。"
                self.fact(owner, "carriedOut", iri, quote, planned=(index + step) % 7 == 3)
        for index, name in enumerate(SHARED):
            if (index + number) % 4:
                iri = self.thing(f"initiative/shared/{index}", "Initiative", name)
                self.fact(government, "carriedOut", iri, f"纵深推进{name}，不断提升治理效能。")
        honour = self.thing(f"honour/{number}", "Honour", f"全省法治建设示范{place[-1]}（{year}年）")
        self.fact(here, "received", honour, f"我{place[-1]}获评“全省法治建设示范{place[-1]}”。")
        for index, (indicator, value, unit) in enumerate(
            (
                ("办理行政复议案件", "93", "件"),
                ("为企业减税", "12500000.5", "元"),
                ("一审行政案件败诉率", "4.7", "%"),
            )
        ):
            quote = f"{indicator}{value}{unit}。"
            iri = BASE + f"observation/{number}/{index}"
            self.seen.append(
                ObservationView(
                    iri, here, indicator, value, unit, index == 1, False, "", year, (self.says(quote),)
                )
            )

    def view(self) -> GraphView:
        return GraphView(
            tuple(self.nodes[iri] for iri in sorted(self.nodes)),
            tuple(self.edges[key] for key in sorted(self.edges)),
            tuple(self.seen),
            tuple(self.documents),
        )
