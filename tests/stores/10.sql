BEGIN TRANSACTION;
CREATE TABLE audit (
    id integer primary key,
    at text not null,
    staff integer references staff (id),
    who text not null,
    action text not null,
    object text not null
) strict;
INSERT INTO "audit" VALUES(1,'2026-11-25T10:00:00+00:00',1,'王值守','看','名录');
CREATE TABLE cases (
    id integer primary key,
    kind text not null check (kind in ('sheet', 'code')),
    digest text not null,
    visitor text not null,
    guide text not null,
    told text not null,
    scope text not null,
    at text not null,
    until text not null,
    unique (kind, digest)
) strict;
CREATE TABLE code_tries (
    id integer primary key,
    visitor text not null,
    at text not null
) strict;
CREATE TABLE conversations (
    id integer primary key,
    visitor text not null unique,
    door text not null,
    revision integer not null default 0,
    state text,
    opened_at text not null,
    changed_at text not null
) strict;
INSERT INTO "conversations" VALUES(1,'web:first','web',2,'{"guide":"2023-batch-1","topics":["2"],"facets":["amount"],"shown":[{"label":"测一测我能不能报","value":"assess:2@2023-batch-1"},{"label":"EDA采购 申报条件","value":"ask:2.conditions@2023-batch-1"},{"label":"EDA采购 联系人","value":"ask:2.contact@2023-batch-1"},{"label":"怎么申报","value":"ask:2.process@2023-batch-1"}]}','2023-03-20T04:00:00+00:00','2023-03-20T04:00:01+00:00');
INSERT INTO "conversations" VALUES(2,'api:quiet','api',1,'{"guide":"2023-batch-1","topics":["5a"],"facets":["amount"],"shown":[{"label":"测一测我能不能报","value":"assess:5a@2023-batch-1"},{"label":"保险补贴 申报条件","value":"ask:5a.conditions@2023-batch-1"},{"label":"保险补贴 联系人","value":"ask:5a.contact@2023-batch-1"},{"label":"怎么申报","value":"ask:5a.process@2023-batch-1"}]}','2023-03-20T04:00:03+00:00','2023-03-20T04:00:03+00:00');
INSERT INTO "conversations" VALUES(3,'tg:5','tg',2,'{"guide":"2023-batch-1","topics":["1"],"facets":["amount"],"shown":[{"label":"测一测我能不能报","value":"assess:1@2023-batch-1"},{"label":"首轮流片 申报条件","value":"ask:1.conditions@2023-batch-1"},{"label":"首轮流片 联系人","value":"ask:1.contact@2023-batch-1"},{"label":"怎么申报","value":"ask:1.process@2023-batch-1"}]}','2023-03-20T04:00:04+00:00','2023-03-20T04:00:06+00:00');
INSERT INTO "conversations" VALUES(4,'tg:-9:5','tg',1,'{"guide":"2023-batch-1","topics":["2"],"shown":[{"label":"测一测我能不能报","value":"assess:2@2023-batch-1"},{"label":"EDA采购 最高多少","value":"ask:2.amount@2023-batch-1"},{"label":"EDA采购 申报条件","value":"ask:2.conditions@2023-batch-1"},{"label":"EDA采购 联系人","value":"ask:2.contact@2023-batch-1"}]}','2023-03-20T04:00:07+00:00','2023-03-20T04:00:07+00:00');
CREATE TABLE dues (
    visitor text not null,
    "update" text not null,
    at text not null,
    body text not null,
    manner text not null,
    primary key (visitor, "update")
) strict;
INSERT INTO "dues" VALUES('web:first','nudge','2023-03-21T04:00:00+00:00','{"text": "你好"}','');
CREATE TABLE effects (
    id integer primary key,
    message integer not null references messages (id),
    kind text not null,
    about text not null
) strict;
CREATE TABLE erasures (
    receipt text primary key,
    door text not null,
    at text not null
) strict;
CREATE TABLE feedback (
    message integer primary key references messages (id),
    useful integer not null check (useful in (0, 1)),
    at text not null
) strict;
INSERT INTO "feedback" VALUES(2,1,'2023-03-20T04:00:02+00:00');
CREATE TABLE inbox (
    id integer primary key,
    visitor text not null,
    place integer not null,
    "update" text not null,
    at text not null,
    body text not null,
    manner text not null
) strict;
CREATE TABLE kinds (
    id integer primary key,
    status text not null,
    reason text not null,
    topics text not null,
    facets text not null,
    districts text not null,
    finished integer not null check (finished in (0, 1)),
    unique (status, reason, topics, facets, districts, finished)
) strict;
INSERT INTO "kinds" VALUES(1,'answered','','1','amount','',0);
INSERT INTO "kinds" VALUES(2,'answered','','2','amount','',0);
INSERT INTO "kinds" VALUES(3,'answered','','5a','amount','',0);
INSERT INTO "kinds" VALUES(4,'answered','','general','overview','',0);
INSERT INTO "kinds" VALUES(5,'answered','','2','overview','',0);
CREATE TABLE knowledge_drafts (
    id integer primary key,
    at text not null,
    who text not null,
    change text not null
) strict;
CREATE TABLE knowledge_previews (
    seen text primary key,
    who text not null,
    at text not null,
    done integer not null,
    total integer not null,
    result text not null,
    moved text not null
) strict;
CREATE TABLE knowledge_versions (
    number integer primary key,
    at text not null,
    who text not null,
    note text not null,
    document text not null,
    again integer
) strict;
CREATE TABLE letter_answers (
    id integer primary key,
    letter integer not null references letters (id),
    name text not null,
    at text not null,
    kind text not null check (kind in ('answer', 'auto', 'bounce', 'delay')),
    sender text not null,
    body text not null
) strict;
CREATE TABLE letter_files (
    answer integer not null references letter_answers (id),
    n integer not null,
    name text not null,
    size integer not null,
    body blob,
    primary key (answer, n)
) strict;
CREATE TABLE letters (
    id integer primary key,
    token text not null unique,
    ticket integer not null references tickets (no),
    officer text not null,
    at text not null,
    address text not null,
    contact text not null,
    question text not null,
    facts text not null,
    state text not null check (
        state in ('consent', 'ready', 'sending', 'sent', 'bounced', 'failed', 'dropped', 'answered')
    ),
    tries integer not null default 0,
    due text not null,
    sent_at text,
    why text not null default ''
) strict;
INSERT INTO "letters" VALUES(1,'t7',1001,'王值守','2023-03-20T04:05:00+00:00','wanganran@jxj.beijing.gov.cn','电子信息处王安然','流片最多补多少','','sent',0,'2023-03-20T04:05:00+00:00',NULL,'');
CREATE TABLE lines (
    line text primary key,
    holder text,
    due text,
    tries integer not null default 0
) strict;
CREATE TABLE mailboxes (
    address text primary key,
    confirmed_at text not null
) strict;
INSERT INTO "mailboxes" VALUES('wanganran@jxj.beijing.gov.cn','2026-11-25T10:00:00+00:00');
CREATE TABLE messages (
    id integer primary key,
    conversation integer not null references conversations (id),
    door text not null,
    direction text not null check (direction in ('in', 'out')),
    at text not null,
    "update" text,
    answers integer references messages (id),
    body text,
    sent_at text
, line text, manner text, packed blob, parts integer not null default 0, outcome text, kind integer references kinds (id)) strict;
INSERT INTO "messages" VALUES(1,1,'web','in','2023-03-20T04:00:00+00:00','a.1',NULL,'{"text": "流片最多补多少"}',NULL,NULL,NULL,NULL,0,NULL,1);
INSERT INTO "messages" VALUES(2,1,'web','out','2023-03-20T04:00:00+00:00',NULL,1,'{"status":"answered","text":"首轮流片单个企业奖励金额最高不超过3000万元。首轮流片按流片费用的一定比例奖励；具体比例正文未写，见附件1。","citations":[{"guide":"2023-batch-1","clause":"一（一）方向1","quote":"单个企业奖励金额最高不超过3000 万元"},{"guide":"2023-batch-1","clause":"一（一）方向1","quote":"按照流片费用一定比例予以奖励"}],"contacts":[{"matter":"方向1 首轮流片","office":"电子信息处","name":"王安然","phone":"85235681","email":"wanganran@jxj.beijing.gov.cn"}],"options":[{"label":"测一测我能不能报","value":"assess:1@2023-batch-1"},{"label":"首轮流片 申报条件","value":"ask:1.conditions@2023-batch-1"},{"label":"首轮流片 联系人","value":"ask:1.contact@2023-batch-1"},{"label":"怎么申报","value":"ask:1.process@2023-batch-1"}],"topics":["1"],"facets":["amount"],"confidence":0.99,"origins":[{"figure":"3000万元","origin":"quoted","source":"单个企业奖励金额最高不超过3000 万元"},{"figure":"附件1","origin":"quoted","source":"1.集成电路设计产品首轮流片奖励申报说明"}]}',NULL,NULL,NULL,NULL,0,'sent',NULL);
INSERT INTO "messages" VALUES(3,1,'web','in','2023-03-20T04:00:01+00:00','a.2',NULL,'{"text": "EDA呢"}',NULL,NULL,NULL,NULL,0,NULL,2);
INSERT INTO "messages" VALUES(4,1,'web','out','2023-03-20T04:00:01+00:00',NULL,3,'{"status":"answered","text":"EDA采购单个企业奖励金额最高不超过500万元。EDA采购按实际发生的采购费用的一定比例奖励；具体比例正文未写，见附件2。","citations":[{"guide":"2023-batch-1","clause":"一（一）方向2","quote":"单个企业奖励金额最高不超过500 万元"},{"guide":"2023-batch-1","clause":"一（一）方向2","quote":"按照实际发生的采购费用一定比例给予奖励"}],"contacts":[{"matter":"方向2 EDA采购","office":"电子信息处","name":"丰慧","phone":"85235681","email":"fenghui@jxj.beijing.gov.cn"}],"options":[{"label":"测一测我能不能报","value":"assess:2@2023-batch-1"},{"label":"EDA采购 申报条件","value":"ask:2.conditions@2023-batch-1"},{"label":"EDA采购 联系人","value":"ask:2.contact@2023-batch-1"},{"label":"怎么申报","value":"ask:2.process@2023-batch-1"}],"topics":["2"],"facets":["amount"],"confidence":0.99,"origins":[{"figure":"500万元","origin":"quoted","source":"单个企业奖励金额最高不超过500 万元"},{"figure":"附件2","origin":"quoted","source":"2.集成电路企业 EDA 采购奖励申报说明"}]}',NULL,NULL,NULL,NULL,0,'sent',NULL);
INSERT INTO "messages" VALUES(5,2,'api','in','2023-03-20T04:00:03+00:00',NULL,NULL,'{"text": "火星移民补多少"}',NULL,NULL,NULL,NULL,0,NULL,3);
INSERT INTO "messages" VALUES(6,2,'api','out','2023-03-20T04:00:03+00:00',NULL,5,'{"status":"answered","text":"各类保险补贴合起来，单个企业年度补贴金额最高不超过1000万元。\n各笔保费不同的，要按单发（颗）、单车或单笔保单逐一比最高数，再比企业年度1000万元。\n商业航天单发（颗）产品补贴金额最高不超过500万元。\n保险补贴按不超过相关保费的50%给予。","citations":[{"guide":"2023-batch-1","clause":"一（一）方向5","quote":"单个企业年度补贴金额最高不超过 1000 万元"},{"guide":"2023-batch-1","clause":"一（一）方向5","quote":"商业航天单发（颗）产品补贴金额最高不超过 500 万元,汽车芯片单笔保单补贴金额最高不超过 500 万元，智能网联汽车单车每年补贴金额不超过 1.5 万元，单个企业年度补贴金额最高不超过 1000 万元"},{"guide":"2023-batch-1","clause":"一（一）方向5","quote":"商业航天单发（颗）产品补贴金额最高不超过 500 万元"},{"guide":"2023-batch-1","clause":"一（一）方向5","quote":"按照不超过相关保费的 50％给予补贴"}],"contacts":[{"matter":"方向5 商业航天保险","office":"军民融合处","name":"荆卫平","phone":"85235013","email":"jingweiping@jxj.beijing.gov.cn"}],"options":[{"label":"测一测我能不能报","value":"assess:5a@2023-batch-1"},{"label":"保险补贴 申报条件","value":"ask:5a.conditions@2023-batch-1"},{"label":"保险补贴 联系人","value":"ask:5a.contact@2023-batch-1"},{"label":"怎么申报","value":"ask:5a.process@2023-batch-1"}],"topics":["5a"],"facets":["amount"],"confidence":0.5625880380850871,"origins":[{"figure":"1000万元","origin":"quoted","source":"单个企业年度补贴金额最高不超过 1000 万元"},{"figure":"1000万元","origin":"quoted","source":"商业航天单发（颗）产品补贴金额最高不超过 500 万元,汽车芯片单笔保单补贴金额最高不超过 500 万元，智能网联汽车单车每年补贴金额不超过 1.5 万元，单个企业年度补贴金额最高不超过 1000 万元"},{"figure":"500万元","origin":"quoted","source":"商业航天单发（颗）产品补贴金额最高不超过 500 万元"},{"figure":"50%","origin":"quoted","source":"按照不超过相关保费的 50％给予补贴"}]}',NULL,NULL,NULL,NULL,0,'sent',NULL);
INSERT INTO "messages" VALUES(7,3,'tg','in','2023-03-20T04:00:04+00:00','700',NULL,'{"choose": "overview@2023-batch-1"}',NULL,NULL,NULL,NULL,0,NULL,4);
INSERT INTO "messages" VALUES(8,3,'tg','out','2023-03-20T04:00:04+00:00',NULL,7,'{"status":"answered","text":"本批共14个方向：\n提高产业创新能力：方向1 首轮流片、方向2 EDA采购、方向3 新材料首批次、方向4 医药首试产、方向5 保险补贴、方向6 新基建应用\n推动高精尖项目投资落地：方向7 贷款贴息、方向8 融资租赁、方向9 老旧厂房\n提升产业智能绿色发展水平：方向10 新智造100、方向11 绿色低碳\n着力保持高精尖产业平稳发展：方向12 升规稳规、方向13 强链补链、方向14 稳运行","citations":[{"guide":"2023-batch-1","clause":"一（一）引言","quote":"提高产业创新能力"},{"guide":"2023-batch-1","clause":"一（二）引言","quote":"推动高精尖项目投资落地"},{"guide":"2023-batch-1","clause":"一（三）引言","quote":"提升产业智能绿色发展水平"},{"guide":"2023-batch-1","clause":"一（四）引言","quote":"着力保持高精尖产业平稳发展"}],"options":[{"label":"方向10 新智造100","value":"ask:10@2023-batch-1"},{"label":"方向7 贷款贴息","value":"ask:7@2023-batch-1"},{"label":"方向12 升规稳规","value":"ask:12@2023-batch-1"}],"topics":["general"],"facets":["overview"],"origins":[{"figure":"14个","origin":"desk","source":"desk"},{"figure":"方向1","origin":"quoted","source":"方向 1 集成电路设计产品首轮流片奖励"},{"figure":"方向2e","origin":"quoted","source":"方向 2 集成电路企业 EDA 采购奖励"},{"figure":"方向3","origin":"quoted","source":"方向 3 重点新材料首批次应用示范奖励"},{"figure":"方向4","origin":"quoted","source":"方向 4 医药创新品种首试产奖励"},{"figure":"方向5","origin":"quoted","source":"方向 5 高精尖创新产品保险补贴"},{"figure":"方向6","origin":"quoted","source":"方向 6 新基建新技术新产品应用奖励"},{"figure":"方向7","origin":"quoted","source":"方向 7 重点投资项目贷款贴息"},{"figure":"方向8","origin":"quoted","source":"方向 8 先进制造业企业融资租赁补贴"},{"figure":"方向9","origin":"quoted","source":"方向 9 老旧厂房更新利用奖励"},{"figure":"100","origin":"quoted","source":"“新智造100”项目奖励"},{"figure":"方向10","origin":"quoted","source":"方向 10 “新智造100”项目奖励"},{"figure":"方向11","origin":"quoted","source":"方向 11 绿色低碳发展项目奖励"},{"figure":"方向12","origin":"quoted","source":"方向 12 升规稳规创新奖励"},{"figure":"方向13","origin":"quoted","source":"方向 13 产业强链补链协同奖励"},{"figure":"方向14","origin":"quoted","source":"方向 14 工业和软件信息服务业企业稳运行奖励"}]}','2023-03-20T04:00:05+00:00','tg:5',NULL,NULL,0,'sent',NULL);
INSERT INTO "messages" VALUES(9,3,'tg','in','2023-03-20T04:00:06+00:00','701',NULL,'{"text": "流片最多补多少"}',NULL,NULL,NULL,NULL,0,NULL,1);
INSERT INTO "messages" VALUES(10,3,'tg','out','2023-03-20T04:00:06+00:00',NULL,9,'{"status":"answered","text":"首轮流片单个企业奖励金额最高不超过3000万元。首轮流片按流片费用的一定比例奖励；具体比例正文未写，见附件1。","citations":[{"guide":"2023-batch-1","clause":"一（一）方向1","quote":"单个企业奖励金额最高不超过3000 万元"},{"guide":"2023-batch-1","clause":"一（一）方向1","quote":"按照流片费用一定比例予以奖励"}],"contacts":[{"matter":"方向1 首轮流片","office":"电子信息处","name":"王安然","phone":"85235681","email":"wanganran@jxj.beijing.gov.cn"}],"options":[{"label":"测一测我能不能报","value":"assess:1@2023-batch-1"},{"label":"首轮流片 申报条件","value":"ask:1.conditions@2023-batch-1"},{"label":"首轮流片 联系人","value":"ask:1.contact@2023-batch-1"},{"label":"怎么申报","value":"ask:1.process@2023-batch-1"}],"topics":["1"],"facets":["amount"],"confidence":0.99,"origins":[{"figure":"3000万元","origin":"quoted","source":"单个企业奖励金额最高不超过3000 万元"},{"figure":"附件1","origin":"quoted","source":"1.集成电路设计产品首轮流片奖励申报说明"}]}',NULL,'tg:5',NULL,NULL,0,NULL,NULL);
INSERT INTO "messages" VALUES(11,4,'tg','in','2023-03-20T04:00:07+00:00','702:33',NULL,'{"text": "EDA呢"}',NULL,NULL,NULL,NULL,0,NULL,5);
INSERT INTO "messages" VALUES(12,4,'tg','out','2023-03-20T04:00:07+00:00',NULL,11,'{"status":"answered","text":"EDA采购奖励支持集成电路企业，正文没有限定必须是设计企业。\nEDA采购单个企业奖励金额最高不超过500万元。\nEDA采购按实际发生的采购费用的一定比例奖励；具体比例正文未写，见附件2。","citations":[{"guide":"2023-batch-1","clause":"一（一）方向2","quote":"集成电路企业购买符合条件的 EDA 设计工具软件"},{"guide":"2023-batch-1","clause":"一（一）方向2","quote":"单个企业奖励金额最高不超过500 万元"},{"guide":"2023-batch-1","clause":"一（一）方向2","quote":"按照实际发生的采购费用一定比例给予奖励"}],"contacts":[{"matter":"方向2 EDA采购","office":"电子信息处","name":"丰慧","phone":"85235681","email":"fenghui@jxj.beijing.gov.cn"}],"options":[{"label":"测一测我能不能报","value":"assess:2@2023-batch-1"},{"label":"EDA采购 最高多少","value":"ask:2.amount@2023-batch-1"},{"label":"EDA采购 申报条件","value":"ask:2.conditions@2023-batch-1"},{"label":"EDA采购 联系人","value":"ask:2.contact@2023-batch-1"}],"topics":["2"],"facets":["overview"],"confidence":0.99,"origins":[{"figure":"500万元","origin":"quoted","source":"单个企业奖励金额最高不超过500 万元"},{"figure":"附件2","origin":"quoted","source":"2.集成电路企业 EDA 采购奖励申报说明"}]}',NULL,'tg:-9',NULL,NULL,0,NULL,NULL);
CREATE TABLE notes (
    id integer primary key,
    ticket integer not null references tickets (no),
    officer text not null,
    at text not null,
    body text not null
) strict;
CREATE TABLE officers_seen (
    officer text primary key,
    at text not null
) strict;
INSERT INTO "officers_seen" VALUES('王值守','2026-11-25T10:00:00+00:00');
CREATE TABLE presence (
    ticket integer not null,
    who text not null,
    at text not null,
    typing text,
    primary key (ticket, who)
) strict, without rowid;
CREATE TABLE sessions (
    digest text primary key,
    staff integer not null references staff (id),
    seen_at text not null,
    until text not null
) strict;
CREATE TABLE sign_in_tries (
    id integer primary key,
    key text not null,
    at text not null
) strict;
CREATE TABLE sign_ins (
    digest text primary key,
    staff integer not null references staff (id),
    until text not null
) strict;
INSERT INTO "sign_ins" VALUES('d1',1,'2026-11-28T10:00:00+00:00');
CREATE TABLE staff (
    id integer primary key,
    name text not null,
    key text not null unique,
    role text not null check (role in ('officer', 'editor', 'admin')),
    password text,
    made_at text not null,
    disabled_at text
) strict;
INSERT INTO "staff" VALUES(1,'王值守','王值守','officer',NULL,'2026-11-25T10:00:00+00:00',NULL);
CREATE TABLE tallies (
    day text not null,
    door text not null,
    kind integer not null references kinds (id),
    n integer not null,
    primary key (day, door, kind)
) strict, without rowid;
INSERT INTO "tallies" VALUES('2023-03-20','api',3,1);
INSERT INTO "tallies" VALUES('2023-03-20','tg',1,1);
INSERT INTO "tallies" VALUES('2023-03-20','tg',4,1);
INSERT INTO "tallies" VALUES('2023-03-20','tg',5,1);
INSERT INTO "tallies" VALUES('2023-03-20','web',1,1);
INSERT INTO "tallies" VALUES('2023-03-20','web',2,1);
CREATE TABLE telegram_accounts (
    account integer primary key,
    staff integer not null unique references staff (id),
    at text not null
) strict;
INSERT INTO "telegram_accounts" VALUES(1000001,1,'2023-03-20T04:00:00+00:00');
CREATE TABLE telegram_codes (
    staff integer primary key references staff (id),
    digest text not null unique,
    until text not null
) strict;
CREATE TABLE threads (
    ticket integer primary key references tickets (no),
    chat integer not null,
    thread integer not null,
    unique (chat, thread)
) strict;
INSERT INTO "threads" VALUES(1001,-1000009,30);
CREATE TABLE ticket_events (
    id integer primary key,
    ticket integer not null,
    message integer references messages (id),
    at text not null,
    event text not null,
    officer text not null,
    addressed text not null,
    said text not null,
    refused text not null
) strict;
CREATE TABLE tickets (
    no integer primary key,
    conversation integer not null references conversations (id),
    door text not null,
    reason text not null,
    state text not null check (state in ('waiting', 'raised', 'taken', 'closed')),
    holder text,
    addressed text,
    opened_at text not null,
    waiting_at text not null,
    claimed_at text,
    answered_at text,
    closed_at text,
    outcome text,
    helped integer check (helped in (0, 1))
, consent text check (consent in ('yes', 'no')), waited integer) strict;
INSERT INTO "tickets" VALUES(1001,2,'api','asked','closed',NULL,NULL,'2023-03-20T04:00:04+00:00','2023-03-20T04:00:04+00:00','2023-03-20T04:03:00+00:00','2023-03-20T04:04:00+00:00','2023-03-20T04:09:00+00:00','已答复',1,'yes',NULL);
CREATE TABLE visits (
    day text not null,
    door text not null,
    conversation integer not null references conversations (id),
    primary key (day, door, conversation)
) strict, without rowid;
INSERT INTO "visits" VALUES('2023-03-20','api',2);
INSERT INTO "visits" VALUES('2023-03-20','tg',3);
INSERT INTO "visits" VALUES('2023-03-20','tg',4);
INSERT INTO "visits" VALUES('2023-03-20','web',1);
CREATE TABLE wishes (
    visitor text primary key,
    door text not null,
    guide text not null,
    at text not null
) strict;
INSERT INTO "wishes" VALUES('web:first','web','2023-batch-1','2023-03-20T04:00:00.000000+00:00');
CREATE TABLE words (
    key text primary key,
    value text not null
) strict;
INSERT INTO "words" VALUES('telegram','polling');
INSERT INTO "words" VALUES('staff-group','-1000009 值守群');
CREATE UNIQUE INDEX messages_update on messages (conversation, "update") where "update" is not null;
CREATE INDEX messages_of_conversation on messages (conversation, id);
CREATE INDEX messages_answers on messages (answers) where answers is not null;
CREATE INDEX cases_of_visitor on cases (visitor, kind);
CREATE INDEX cases_until on cases (until);
CREATE INDEX messages_unsent on messages (line, id) where line is not null and outcome is null;
CREATE UNIQUE INDEX inbox_update on inbox (visitor, "update");
CREATE INDEX inbox_order on inbox (visitor, place, id);
CREATE INDEX dues_at on dues (at);
CREATE INDEX sign_ins_of_staff on sign_ins (staff);
CREATE INDEX sessions_of_staff on sessions (staff);
CREATE INDEX sign_in_tries_of_key on sign_in_tries (key, at);
CREATE INDEX sign_in_tries_at on sign_in_tries (at);
CREATE INDEX audit_at on audit (at);
CREATE INDEX audit_of_staff on audit (staff, at);
CREATE INDEX audit_action on audit (action, id);
CREATE TRIGGER audit_is_not_changed before update on audit begin
    select raise(abort, 'the trail is append-only');
end;
CREATE TRIGGER audit_is_not_deleted before delete on audit begin
    select raise(abort, 'the trail is append-only');
end;
CREATE UNIQUE INDEX tickets_open_of_conversation on tickets (conversation) where closed_at is null;
CREATE INDEX tickets_open on tickets (state, waiting_at, no) where closed_at is null;
CREATE INDEX tickets_closed on tickets (closed_at) where closed_at is not null;
CREATE INDEX tickets_of_conversation on tickets (conversation);
CREATE INDEX ticket_events_of_ticket on ticket_events (ticket, id);
CREATE INDEX ticket_events_of_message on ticket_events (message);
CREATE INDEX notes_of_ticket on notes (ticket, id);
CREATE INDEX presence_at on presence (at);
CREATE INDEX letters_due on letters (due, id) where state in ('ready', 'sending');
CREATE INDEX letters_of_ticket on letters (ticket, id);
CREATE UNIQUE INDEX letter_answers_once on letter_answers (letter, name);
CREATE INDEX tickets_opened on tickets (date(opened_at, '+8 hours'));
CREATE INDEX feedback_at on feedback (at);
CREATE INDEX effects_noted on effects (message) where kind = 'note';
CREATE TRIGGER knowledge_versions_are_not_changed before update on knowledge_versions begin
    select raise(abort, 'versions are append-only');
end;
CREATE TRIGGER knowledge_versions_are_not_deleted before delete on knowledge_versions begin
    select raise(abort, 'versions are append-only');
end;
COMMIT;
PRAGMA user_version = 10;
