const words = (text: string): string[] => text.split(' ');

const NAISTEN = words(
  'Aino Helmi Aada Eevi Venla Ella Sofia Elsa Lilja Olivia Emma Isla Linnea Pihla Oona Iida Saana Ronja Siiri Vilma ' +
    'Kerttu Hilla Alma Fanni Nelli Milla Enni Minttu Hilja Selma Saimi Ilona Anna Kaisa Liisa Leena Maija Marja Riitta Tuula ' +
    'Ritva Pirkko Seija Raija Irma Kirsi Tiina Katja Hanna Johanna Heidi Satu Minna Mari Päivi Sari Outi Terhi Virpi Merja ' +
    'Jaana Niina Noora Suvi Taru Tarja Sirpa Eila Aila Helvi Impi Lempi Toini Vieno Saima Sylvi Tyyne Laina Hilkka Kaarina',
);
const MIESTEN = words(
  'Eino Leo Oliver Elias Väinö Onni Noel Toivo Vilho Emil Leevi Nooa Oiva Hugo Eeli Aapo Niilo Veikko Joel Luka ' +
    'Otso Urho Eetu Oskari Aatu Benjamin Daniel Akseli Anton Viljami Lenni Mikael Kasper Aarni Martti Matti Pekka Juha Timo Kari ' +
    'Antti Jari Markku Heikki Mika Tapio Jukka Hannu Seppo Pertti Ville Tuomas Sami Marko Petri Janne Lauri Tommi Teemu Jussi ' +
    'Mikko Kalle Risto Esa Ari Reijo Raimo Jorma Erkki Olavi Tauno Eero Arvo Kalevi Unto Reino Yrjö Aarne Armas Ahti',
);
const NAISTEN_TOISET = words(
  'Maria Sofia Helena Anneli Johanna Kaarina Marjatta Liisa Kristiina Hannele Annikki Katariina',
);
const MIESTEN_TOISET = words('Juhani Johannes Olavi Antero Tapani Kalevi Tapio Matti Mikael Ilmari Petteri');
const ALUT = words(
  'Koivu Lehto Mäki Järvi Niemi Lahti Saari Kallio Metsä Harju Kangas Koski Ranta Salo Suo Vuori Laakso Aho Pelto Niitty ' +
    'Puro Joki Virta Aalto Tuuli Lumi Talvi Kesä Syys Kevät Haapa Kuusi Mänty Pihla Tammi Vaahtera Kivi Hiekka Savi Rauta',
);
const LOPUT = words(
  'la niemi mäki ranta saari lahti järvi koski aho salo korpi maa nen vuori perä suo metsä oja luoto kangas harju joki pää ' +
    'kallio kivi',
);

const pairs = (firsts: readonly string[], seconds: readonly string[], link: string): string[] =>
  firsts.flatMap((first) => seconds.map((second) => `${first}${link}${second}`));

/** 2000 first names for persons that are made up, single and hyphenated. */
export const ETUNIMET: readonly string[] = [
  ...NAISTEN,
  ...MIESTEN,
  ...pairs(NAISTEN, NAISTEN_TOISET, '-'),
  ...pairs(MIESTEN, MIESTEN_TOISET, '-'),
];

/** 1000 family names for them. */
export const SUKUNIMET: readonly string[] = pairs(ALUT, LOPUT, '');
