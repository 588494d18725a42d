"""The lists behind `network.wording`: names that are common, names that are words too."""

import re

# Names that are everyday words: written small, or where a sentence begins, they are the word.
_EVERYDAY = """
ainult aina aine ainus enne eneda enam tead teada teade teadet teete tee teed teel teele pikk
pika pikka pikad pikalt pikaks pikki uus uue uut uued uusi uute uuesti noor noore noort noored
noori noorte noortele noortel noortega suur suure suurt suured suuri vaba vabad vabu vabaks
vabalt hea head heaks kaua kauaks kord korda korra kallis kalli kallid must musta valge väike
väiksed vana vanad vanu koht koha kohta kohad kodu koju kool kooli koolis raha hind hinda elu
elus ilus ilusa jõud jõudu jõuda ilma rida rea ilm ravi ravim arst arsti abi abiga aeg aega ajal
aja tund tunni tunde mees mehe naine naise poeg tütar ema isa laps lapse last lapsed lastele
"""

# Given names that are common in Estonia; in a text with a capital they are somebody.
_GIVEN = """
Aadu Aare Agnes Aili Aino Airi Aivar Aivo Alar Aleks Aleksander Aleksandr Aleksandra Aleksei
Alina Allan Anastassia Ando Andrei Andres Andrus Angela Anne Anneli Annely Anni Annika Ants
Anton Antonina Anu Ardo Argo Arno Artur Arvo Astrid Birgit Boris Brigitta Carmen Darja Diana
Dmitri Eduard Eerik Eeva Eevi Egert Egle Einar Elina Eliise Eliis Elisabet Elle Elli Elmar Elvi
Endel Epp Erik Erika Erki Ervin Ester Evald Eve Eveli Evelin Galina Gert Getter Greete Grete
Gunnar Hanna Hannes Hardi Harri Heidi Heiki Heino Helen Helena Helgi Helju Henri Henrik Hilda
Hilja Hillar Hille Hugo Igor Illimar Ilmar Ilona Imbi Imre Indrek Inga Ingrid Irina Ivan Ivar
Jaak Jaan Jaana Jaanus Jana Janek Janne Janno Jekaterina Jelena Jevgeni Johanna Joonas Joosep
Juhan Julia Juri Juta Jüri Kaarel Kadi Kadri Kaidi Kaie Kaire Kairi Kaisa Kalev Kalle Kalmer
Kalvi Karel Karin Karina Karl Karmen Karmo Kaspar Katariina Kati Katrin Kaupo Kelli Kerli Kersti
Kert Kerttu Kevin Kirsti Konstantin Krista Kristel Kristi Kristiina Kristina Kristjan Kristo
Krõõt Kuldar Külli Laura Lauri Lea Leida Leili Lembit Leo Leonid Liana Liia Liina Liis Liisa
Liisi Liivi Lilian Ljubov Ljudmila Luukas Maarika Maarja Madis Maie Maimu Maksim Malle Marek
Maret Marge Margit Margo Margus Mari Maria Mariann Marianne Marika Marina Mario Maris Marko
Markus Mart Marta Marten Martin Mati Meelis Mehis Merike Merit Merle Merli Mihhail Mihkel Mikk
Mirjam Monika Moonika Märt Nadežda Natalja Niina Nikita Nikolai Oksana Oleg Olga Oliver Oskar
Ott Paavo Paul Pavel Peep Peeter Pille Piret Pirjo Polina Priidu Priit Raido Raili Raimo Raimond
Raivo Rando Rasmus Raul Rauno Reelika Reigo Rein Riho Rita Riivo Robert Robin Roland Romet
Ruslan Ruth Sander Sandra Sebastian Sergei Signe Siim Siiri Silja Sille Silver Silvi Silvia
Sirje Sirli Sofia Stanislav Sten Sulev Svetlana Taavet Taavi Taimi Taivo Tamara Tanel Tarmo
Tarvo Tatjana Tauno Terje Tiia Tiina Tiit Tiiu Timo Toivo Toomas Triin Triinu Tõnis Tõnu Uku
Ulvi Urmas Urmo Urve Vadim Vahur Valdek Valdo Valentina Valeri Valeria Valter Vassili Veiko
Vello Veronika Viive Viivi Viktor Viktoria Viljar Villem Virve Vitali Vivian Vjatšeslav Vladimir
Väino Õie Ülar Ülle Üllar Ülo
"""

# Also words of the language: somebody's only with a capital in the middle of a sentence.
_GIVEN_OR_WORD = """
Ain Anna Ave Eha Ella Elo Ene Enn Helle Heli Ilme Kai Kaja Kalju Koit Laine Linda Luule Maire
Mai Mall Rain Reet Roman Salme Teele Teet Tuuli Vaike Õnne
"""

# The end of a word that is an institution or a place, never a surname.
BODIES = re.compile(
    r"(?:keskus|haigla|kool|kliinik|maja|kodu|koda|selts|ühing|ühendus|amet|kassa|fond|vald|valla|"
    r"linn|küla|maakond|maa|instituut|gümnaasium|lasteaed|rühm|grupp|teenus|teenis|osakond|kabinet|"
    r"liit|liidu|võrk|programm|klubi|apteek|raamatukogu|kiriku?|kogudus|valitsus|ministeerium|"
    r"eesti|nõustami[ns]e|toetus|tugi|liin|telefon)\w{0,4}$"
)

# Parts of a name that are no name.
_PARTICLES = "von van der den de da di la le af du el al"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


EVERYDAY, PARTICLES = _words(_EVERYDAY), _words(_PARTICLES)
GIVEN, GIVEN_OR_WORD = _words(_GIVEN), _words(_GIVEN_OR_WORD)
