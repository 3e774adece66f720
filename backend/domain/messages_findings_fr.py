"""Wording of what the linter finds, in French: plain spaces and straight apostrophes, typeset later."""

from collections.abc import Mapping

from backend.domain.rulebook.findings import Severity

FRAMES_FR: Mapping[str, str] = {
    "silent": (
        "L'article {article} ne dit pas {question}. Tant qu'il se tait, {blocked}. Pour trancher : "
        "{settled_by}."
    ),
    "silent.unquoted": (
        "L'article {article} laisse un point ouvert. Le logiciel ne bloque rien pour autant et ne "
        "tranche pas à votre place. Pour trancher : {settled_by}."
    ),
    "silent.point": (
        "L'article {article} laisse un point ouvert : « {words} » Le logiciel ne bloque rien pour autant "
        "et ne tranche pas à votre place. Pour trancher : {settled_by}."
    ),
    "blocked": "le vote est refusé",
    "for_kind": " pour {names}",
    "for_session": " ({names})",
    "for_body": " ({names})",
    "for_class": " dans la classe {names}",
    "for_measure": " pour {names}",
    "for_phase": " pour {names}",
    "and": " et ",
    "quoted": "« {word} »",
    "in_article": "{word} (article {article})",
    "nowhere": "{word} (aucun article)",
    "article": "Article {names}",
    "articles": "Articles {names}",
    "rules": "Règles : {names}",
    "heading": "Rapport sur : {title}",
    "summary": "{rules} règles, dont {silent} disent ce que le texte laisse ouvert ; {findings} remarques.",
    "none": "Rien à signaler.",
    "checklist": "Liste de contrôle",
    "answered": "oui (articles {names})",
    "silent_answer": "laissé ouvert (articles {names})",
    "missing": "rien n'est dit",
    "text": "à lire dans le texte : aucune règle ne peut le porter",
}  # fmt: skip
"""Sentences that hold the words together."""

SEVERITIES_FR: Mapping[Severity, tuple[str, str]] = {
    "contradiction": (
        "Contradictions",
        "À corriger : deux règles, ou une règle et le texte, ne vont pas ensemble.",
    ),
    "arithmetic": (
        "Calculs",
        "À corriger : les nombres du texte ne tombent pas juste.",
    ),
    "unreachable": (
        "Impossible en l'état",
        "Avec ces règles, et tant que rien ne les complète, ce qui suit ne peut pas arriver.",
    ),
    "silent": (
        "Silences",
        "Le texte laisse ouvert ; le logiciel refuse, nomme l'article et dit ce qui trancherait.",
    ),
    "incomplete": (
        "À préciser",
        "Le texte se tait sans le dire, ou laisse un doute qu'une phrase lèverait.",
    ),
    "documentary": (
        "Pour mémoire",
        "Inscrit pour les lecteurs ; le logiciel ne le fait pas respecter.",
    ),
}  # fmt: skip
"""Heading and explanation of each severity."""

FINDINGS_FR: Mapping[str, str] = {
    "text.other": (
        "Le texte donné n'est pas celui que ces règles citent ({expected}) : leurs citations ne prouvent "
        "rien. Recompilez les règles avec ce texte."
    ),
    "article.unknown": "La règle {rule} renvoie à un article que le texte n'a pas.",
    "article.unused": (
        "Aucune règle ne vient de ces articles : {articles}. Vérifiez qu'ils ne contiennent rien que le "
        "logiciel devrait appliquer."
    ),
    "quote.outside": "La citation de la règle {rule} sort du texte. Recompilez les règles.",
    "quote.missing": (
        "Ces règles ne citent aucun mot du texte : {rules}. Un refus fondé sur elles ne pourra montrer "
        "que le numéro de l'article."
    ),
    "reference.class": "La règle {rule} nomme une classe de membres qui n'existe pas : {name}.",
    "reference.body": "La règle {rule} nomme un organe qui n'existe pas : {name}.",
    "reference.session": "La règle {rule} nomme une réunion qui n'existe pas : {name}.",
    "reference.level": "La règle {rule} nomme un niveau territorial qui n'existe pas : {name}.",
    "session.level_body": (
        "{session} se réunit à un niveau territorial et appartient à un organe : on ne sait pas qui y vote."
    ),
    "session.level_reach": (
        "{session} réunit les membres d'un lieu, et rien ne l'empêche de décider pour tous sur : {kinds}."
    ),
    "reference.seat": "La règle {rule} nomme un siège qui n'existe pas : {name}.",
    "overrides.loop": (
        "Ces règles l'emportent en rond les unes sur les autres, si bien qu'aucune ne vaut : {rules}."
    ),
    "overrides.unrelated": "La règle {rule} dit l'emporter sur {other}, qui traite d'un autre sujet.",
    "kind.no_session": "Aucune réunion existante n'est compétente pour {kind}.",
    "kind.blocked": (
        "En l'état, aucune réunion ne peut décider {kind}. Ce qui manque au moins, dans « {session} » : "
        "{gaps}."
    ),
    "session.uncallable": "« {session} » ne peut pas être convoquée. Il manque : {gaps}.",
    "session.out_of_reach": (
        "Personne ne pourra jamais convoquer « {session} » : ceux qui le peuvent ne sont désignés que "
        "par des réunions qui dépendent d'eux. Donnez aux fondateurs, ou à une part des membres, le "
        "moyen de commencer."
    ),
    "body.out_of_reach": (
        "« {body} » ne pourra jamais être pourvu : la réunion qui le désigne ne peut pas se tenir sans "
        "lui. Dites qui le forme à la fondation."
    ),
    "body.unfilled": "Rien ne permet de pourvoir « {body} » une première fois. Il manque : {gaps}.",
    "silence.without_remedy": (
        "Rien ne permet de lever les silences de ces statuts ({count}) : aucune réunion ne peut "
        "aujourd'hui changer les statuts, les interpréter ou adopter un règlement intérieur."
    ),
    "custody.missing": (
        "Aucun article ne dit qui tient les registres : personne ne pourra agir pour l'organisation."
    ),
    "session.no_period": "Aucun article ne dit à quelle fréquence se tient « {session} ».",
    "session.months": "Les mois où peut se tenir « {session} » sont à l'envers.",
    "contestation.missing": (
        "Aucun article ne dit combien de temps une décision peut être contestée : listes nominatives et "
        "signatures des bulletins, données personnelles, sont gardées sans fin."
    ),
    "contestation.partial": (
        "Aucun article ne dit combien de temps ceci peut être contesté : {kinds}. Listes nominatives et "
        "signatures des bulletins en sont gardées sans fin."
    ),
    "session.unsaid": (
        "« {session} » : aucun article ne règle {gaps}. Le logiciel refuse ce que rien ne prévoit."
    ),
    "notice.unproven": (
        "L'article {article} demande un délai de convocation, mais pas la preuve que chacun l'a reçue. "
        "En cas de contestation, rien ne montrera qui a été prévenu, quand et comment."
    ),
    "round.no_second": (
        "Un quorum est prévu sur seconde convocation de « {session} », mais aucune seconde convocation."
    ),
    "round.window": (
        "« {session} » : le délai de la seconde convocation est plus long que le temps laissé pour la "
        "tenir."
    ),
    "round.no_quorum": (
        "« {session} » peut être convoquée une seconde fois, mais aucun quorum n'y est dit pour {kinds}."
    ),
    "duty.not_competent": (
        "« {session} » doit décider {kind} à chaque fois, alors qu'une autre réunion est seule "
        "compétente."
    ),
    "channels.correspondence": (
        "Article {article} : le vote par correspondance n'est prévu que pour {sessions}. Il sera refusé "
        "ailleurs ({others}) ; la Cour de cassation l'a jugé (Cass. 1re civ., 25 janvier 2017, no "
        "15-25.561). S'il doit valoir partout, le texte doit le dire."
    ),
    "quorum.correspondence": (
        "Article {article} : dans « {session} », le quorum compte les présents et les représentés. Qui "
        "vote par correspondance n'est ni l'un ni l'autre : le texte ne dit pas s'il compte."
    ),
    "quorum.presence": (
        "Article {article} : le quorum de « {session} » compte les présents, alors que le vote se fait à "
        "distance. Il faudra relever les présences avant tout vote."
    ),
    "quorum.none": (
        "Article {article} : « {session} » décide sans quorum. Un seul votant peut engager tous les "
        "autres."
    ),
    "term.gap": (
        "Article {article} : un mandat de « {body} » peut finir avant que « {session} » soit tenue de "
        "nouveau. Les sièges seraient vacants entre-temps : rien ne dit que les sortants restent jusqu'à "
        "leur remplacement."
    ),
    "threshold.impossible": (
        "La règle {rule} demande plus que la totalité : elle ne peut jamais être satisfaite."
    ),
    "threshold.unanimity": (
        "Article {article} : parmi {size} personnes au plus ({group}), la part demandée revient à "
        "l'unanimité."
    ),
    "overlap": (
        "Deux règles visent le même vote sur {topic} : {rule} pour {sessions}, {other} pour {kinds}. La "
        "première l'emporte, parce qu'une règle sur une réunion passe avant une règle sur un sujet. Si "
        "ce n'est pas voulu, précisez la seconde."
    ),
    "tie.no_casting_vote": (
        "« {session} » départage par une voix prépondérante, mais aucune règle ne dit à qui elle "
        "appartient."
    ),
    "casting_vote.secret": (
        "Article {article} : dans « {session} », une voix est prépondérante, mais le scrutin est secret "
        "pour {kinds}. À égalité, cette voix ne se voit pas : la proposition est rejetée."
    ),
    "casting_vote.unused": (
        "La voix prépondérante de la règle {rule} ne sert jamais : aucune égalité ne s'y résout ainsi."
    ),
    "options.no_effect": (
        "Article {article} : un vote sur plusieurs options est prévu pour {kinds}, mais une telle "
        "proposition ne peut ni élire ni choisir : la règle ne sert jamais."
    ),
    "options.no_ballot": (
        "Article {article} : {kinds} peut porter un choix entre plusieurs options, mais rien ne dit comment"
        " on le vote : une telle proposition est refusée."
    ),
    "tie_break.missing": (
        "« {session} » peut voter sur plusieurs options pour {kinds}, mais rien ne dit comment départager "
        "une égalité : ce vote est refusé. Il manque : {gap}."
    ),
    "tie_break.open": (
        "Article {article} : le départage des options ne finit pas par un tirage au sort. Si une égalité "
        "demeure, la proposition est rejetée."
    ),
    "tie_break.after_lots": "Article {article} : le sort départage tout ; ce qui le suit ne sert jamais.",
    "tie_break.no_casting_vote": (
        "Article {article} : « {session} » n'a pas la voix prépondérante qui doit y départager les options."
    ),
    "tie_break.secret": (
        "Article {article} : dans « {session} », la voix prépondérante ne départage pas les options quand "
        "le scrutin est secret ({kinds})."
    ),
    "early_close.never": (
        "Article {article} : « {session} » n'est jamais close avant l'heure : tout vote y reste ouvert "
        "jusque-là (bulletins remplaçables, ou consentement)."
    ),
    "early_close.hindered": (
        "Article {article} : « {session} » n'est pas close avant l'heure quand on y vote sur {kinds}, vote "
        "ouvert jusque-là (bulletins remplaçables, ou consentement)."
    ),
    "ballot.secret_remote": (
        "Le scrutin secret ne se tient qu'en salle, et « {session} » n'en a pas : {kind} ne peut pas y "
        "être votée."
    ),
    "ballot.no_time": (
        "Article {article} : rien ne dit combien de temps au moins le scrutin reste ouvert, alors qu'on "
        "peut voter sans être en salle ({sessions}). Un scrutin d'une minute serait régulier."
    ),
    "proxies.denied_cap": "La règle {rule} interdit les procurations et en fixe pourtant le nombre.",
    "proxies.cap_zero": "La règle {rule} permet les procurations et en permet zéro.",
    "proxies.no_cap": (
        "Article {article} : rien ne borne le nombre de procurations. Une seule personne peut réunir "
        "toutes les voix des absents."
    ),
    "represented.nobody": (
        "« {session} » compte les membres représentés, mais personne ne peut l'être aujourd'hui : {gap}."
    ),
    "competence.bypass": (
        "{effect} est réservé à {sessions} quand on propose {kind}, mais {free} peut le changer aussi en "
        "{beyond}. Le logiciel ne distingue pas une première adoption d'une révision : veillez à "
        "proposer {kind} là où le texte l'exige, ou fermez cette voie."
    ),
    "internal_rules.over_statutes": (
        "Le règlement intérieur, que fait « {maker} », fixerait lui-même ce qu'il faut pour changer les "
        "statuts dans « {session} » : {gaps}. Les statuts dépendraient d'un texte qui leur est soumis ; "
        "mieux vaut qu'ils le disent."
    ),
    "internal_rules.self_confirmed": (
        "Le règlement intérieur, que fait « {maker} », fixerait lui-même ce qu'il faut pour que « "
        "{session} » l'approuve : {gaps}."
    ),
    "seats.bounds": "« {body} » : le siège « {seat} » a un minimum supérieur à son maximum.",
    "body.no_term": (
        "Aucun article ne dit combien de temps dure une charge de « {body} » : aucun mandat ne peut y "
        "être donné."
    ),
    "body.unsaid": "« {body} » : aucun article ne règle {gaps}. Le logiciel n'y suppose rien.",
    "designation.not_competent": (
        "« {session} » désigne « {body} », mais n'est pas compétente pour une élection."
    ),
    "designation.no_meeting": (
        "« {electing} » choisit « {body} », mais aucune réunion de « {electing} » n'existe pour le faire."
    ),
    "revocation.no_hearing": (
        "« {body} » : la personne visée par une révocation doit être entendue, mais aucune règle ne dit "
        "comment."
    ),
    "revocation.unheard": (
        "Article {article} : une charge de « {body} » peut être révoquée sans que la personne soit "
        "entendue."
    ),
    "votes.nobody": "Aucune classe de membres n'a de voix : rien ne peut être décidé.",
    "admission.missing": "Aucun article ne dit comment on entre dans la classe {class}.",
    "votes.assurance": (
        "La classe {class} n'a pas de voix : aucune vérification d'identité ne peut en être la condition."
    ),
    "votes.unchecked": (
        "Article {article} : la voix demande une vérification d'identité que l'entrée dans la classe "
        "{class} ne demande pas : des membres peuvent attendre leur voix."
    ),
    "admission.days": (
        "Article {article} : pour contester un refus, il faut quelqu'un qui entende le recours et des jours "
        "pour le former."
    ),
    "admission.unrefused": (
        "Article {article} : un recours est ouvert, mais demander suffit, et personne ne peut refuser."
    ),
    "admission.unanswered": (
        "Article {article} : « {session} » entend les recours contre les refus, mais aucune motion n'y "
        "répond."
    ),
    "admission.unvouched": (
        "Article {article} : des membres qui ont une voix doivent parrainer, et aucune classe n'en a."
    ),
    "resignation.missing": (
        "Aucun article ne dit qu'un membre de la classe {class} peut partir. Dans une association "
        "française, il le peut en tout temps (loi du 1er juillet 1901, article 4) : le texte doit dire "
        "comment."
    ),
    "due_process.missing": (
        "Rien ne dit comment la personne est entendue avant {measure} : la mesure est refusée."
    ),
    "appeal.missing": "Rien ne dit si {measure} peut être contestée, ni devant qui.",
    "exclusion.nobody": "Article {article} : l'exclusion existe, mais rien ne dit qui la prononce.",
    "engagement.ends": "L'accord finit avant d'avoir commencé.",
    "shares.amount": "Un montant de la répartition ne se lit pas : {found}.",
    "shares.total": "Article {article} : les lignes font {sum} {currency}, le texte dit {total} {currency}.",
    "shares.line": (
        "Article {article} : {line}, {amount} sur {total} {currency} ne font pas {stated} %. {stated} % "
        "du total feraient {wanted} {currency} ; {stated} % du reste ({rest} {currency}), "
        "{wanted_of_rest} {currency}. {amount} {currency} font environ {real} % du total. Dites lequel "
        "des deux nombres vaut."
    ),
    "recorded.data_rights": (
        "Article {article} : les promesses sur les données sont inscrites ; les tenir revient à "
        "l'organisation."
    ),
    "recorded.levels": (
        "Article {article} : les niveaux territoriaux sont inscrits ; aucun vote n'y est rattaché."
    ),
    "recorded.licence": (
        "Article {article} : la licence est inscrite ; le logiciel ne suit pas ce qui est publié."
    ),
    "recorded.engagement": (
        "Article {article} : les dates de l'accord sont inscrites et rappelées ; le registre ne se ferme "
        "pas de lui-même à la dernière."
    ),
    "recorded.shares": (
        "Article {article} : la répartition est inscrite et recalculée ; aucun paiement n'est suivi."
    ),
    "recorded.minimum_age": (
        "Article {article} : l'âge n'est pas vérifié, mais attesté par qui propose l'élection."
    ),
    "recorded.sanctions": (
        "Article {article} : ces degrés sont inscrits sans autre effet sur le registre : {steps}."
    ),
    "recorded.appeal": (
        "Article {article} : le recours devrait suspendre la mesure ; le logiciel ne la suspend pas."
    ),
    "checklist.missing": "{heading} Aucune règle n'en parle. Sujets qui y répondraient : {topics}.",
}  # fmt: skip
"""What is said of each finding, by code."""
