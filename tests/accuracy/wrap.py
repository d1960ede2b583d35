"""The texts that a value stands in: bare, titled, table, running text, JSON."""
import json
import re

SENTENCES = {
    "en": "According to our records the {word} {value} was sent to us by the "
          "customer last week.",
    "de": "Nach unseren Unterlagen hat der Kunde die {word} {value} letzte "
          "Woche an uns geschickt.",
    "fr": "Selon nos dossiers, le client nous a transmis {word} {value} la "
          "semaine derniere.",
    "es": "Segun nuestros registros, el cliente nos ha enviado {word} {value} "
          "la semana pasada.",
    "pt": "Segundo os nossos registos, o cliente enviou {word} {value} na "
          "semana passada.",
    "it": "Secondo i nostri archivi il cliente ha inviato {word} {value} la "
          "settimana scorsa.",
    "nl": "Volgens onze gegevens heeft de klant {word} {value} vorige week "
          "opgestuurd.",
    "pl": "Wedlug naszych danych klient podal {word} {value} w zeszlym "
          "tygodniu.",
    "cs": "Podle nasich zaznamu zakaznik uvedl {word} {value} minuly tyden.",
    "sv": "Enligt vara uppgifter skickade kunden {word} {value} forra veckan.",
    "da": "Ifolge vores oplysninger sendte kunden {word} {value} i sidste uge.",
    "tr": "Kayitlarimiza gore musteri gecen hafta {word} {value} bildirdi.",
}
WRAPPINGS = ["bare", "titled", "csv", "text", "json"]


def words_of(rule, lists):
    """(language, words) of a type: its country's language before English."""
    w = (rule.get("words") or {}).get("for")
    if isinstance(w, dict) and w:
        tongue = next((k for k in w if k != "en"), "en")
        return tongue, [str(x) for x in w[tongue]]
    if w:
        return "en", [str(x) for x in w]
    for name in (rule.get("words") or {}).get("for_lists", []):
        if name in lists:
            return "en", lists[name]
    return "en", []


def key_of(word):
    return re.sub(r"[^0-9A-Za-z\u0080-\uffff]+", "_", word).strip("_").lower()


def wrap(how, value, rule, lists, rng):
    """(text, where the value begins)."""
    tongue, words = words_of(rule, lists)
    word = rng.choice(words) if words else rule["name"]
    if how == "bare":
        return value + "\n", 0
    if how == "titled":
        head = word[:1].upper() + word[1:] + ": "
        return head + value + "\n", len(head)
    if how == "csv":
        head = "row," + key_of(word) + ",city\n7,"
        return head + value + ",Springfield\n", len(head)
    if how == "json":
        text = json.dumps({"row": 7, key_of(word): value},
                          ensure_ascii=False)
        return text + "\n", text.rindex(json.dumps(value, ensure_ascii=False)
                                        [1:-1])
    text = SENTENCES.get(tongue, SENTENCES["en"]).format(word=word,
                                                         value="\0")
    at = text.index("\0")
    return text.replace("\0", value) + "\n", at
