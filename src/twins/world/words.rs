//! The words the invented music is made of. Nobody here exists.

/// A piece somebody wrote down by hand: title, artists joined with `|`, album.
pub(super) const WRITTEN: &[(&str, &str, &str)] = &[
    ("Slow Harbour", "Maren Vale|Odd Numbers", "Low Tide Letters"),
    ("夜のラジオ (Night Radio)", "Kaoru Minami", "深夜の交差点"),
    (
        "A Title So Long That It Must Be Cut Somewhere Near Its End (Live at the Old Observatory, Second Night)",
        "The Patient Engineers",
        "Everything We Meant to Say Before the Lights Came Back On",
    ),
    ("Paper Lanterns", "Juno Ferris", "Paper Lanterns"),
    ("Ünder Glass", "Björn & the Quiet Øyes", "Smör och Salt"),
    ("Second Floor", "Lena Okafor", "House Plans"),
    ("Gravel & Honey", "Tom Ashdown", "Gravel & Honey"),
    ("Ночной трамвай", "Зимний Сад", "Последний Маршрут"),
    ("El Último Faro", "Inés Aldana|Tres Sombras|Niño Cobre", "Costa Adentro"),
    ("Ligne 9, minuit", "Élodie Marchand", "Cartes postales d'un été sans fin"),
    ("فانوس", "ليلى الحداد", "مدينة الضوء"),
    ("한강 블루", "Seo-yun Park|DJ Mirae", "밤의 지도"),
    ("<b>Bold</b> & \"Quoted\"", "Null Pointers", "Escape; Sequences --"),
    ("O", "M", "I"),
    ("Γράμμα στη θάλασσα", "Ελένη Βρανά", "Αλάτι"),
    ("Supernova Kid 🚀", "Neon Orchard", "Arcade Weather 🌦"),
    (
        "Whale Song (feat. Everyone)",
        "Maren Vale|Odd Numbers|Juno Ferris|Lena Okafor|Tom Ashdown|Neon Orchard|Kaoru Minami",
        "Choir of Strangers",
    ),
    ("Don't / Won't", "Cass O'Rourke", "Apostrophes"),
    ("Øresund", "Frida Nygård", "Broen"),
    ("आधी रात", "Meera Joshi|The Rooftop Sessions", "बारिश"),
];

/// First names of singers.
pub(super) const GIVEN: &[&str] = &[
    "Ada", "Bruno", "Cleo", "Dario", "Edda", "Felix", "Greta", "Hugo", "Ines", "Jonah", "Kira", "Levi",
    "Mina", "Nils", "Oona", "Pavel", "Quinn", "Rosa", "Silas", "Tilda", "Uma", "Viggo", "Wren", "Yara",
    "Zeno", "Zoé",
];

/// Family names of singers.
pub(super) const FAMILY: &[&str] = &[
    "Abbott",
    "Birk",
    "Calder",
    "Dufour",
    "Eklund",
    "Farrow",
    "Grünwald",
    "Hale",
    "Ishida",
    "Jarvis",
    "Kovač",
    "Lund",
    "Moreau",
    "Nakata",
    "Orlov",
    "Pike",
    "Quist",
    "Rowe",
    "Sorrel",
    "Thorne",
    "Urbina",
    "Voss",
    "Winter",
    "Yilmaz",
];

/// What bands are called after "The".
pub(super) const BANDS: &[&str] = &[
    "Paper Captains",
    "Cold Kitchens",
    "Borrowed Suns",
    "Night Clerks",
    "Tall Ships Club",
    "Glass Farmers",
    "Velvet Antennas",
    "Sunday Machines",
    "Minor Planets",
    "Salt Brothers",
    "Hollow Choirs",
    "Electric Herons",
];

/// Words that open a title.
pub(super) const OPENINGS: &[&str] = &[
    "Amber", "Borrowed", "Broken", "Copper", "Distant", "Electric", "Empty", "Fading", "Golden", "Hidden",
    "Hollow", "Indigo", "Last", "Late", "Little", "Lucky", "Midnight", "Northern", "Paper", "Quiet",
    "Restless", "Salt", "Silver", "Slow", "Soft", "Stolen", "Summer", "Velvet", "Wild", "Winter",
];

/// Words that close a title.
pub(super) const CLOSINGS: &[&str] = &[
    "Arcade",
    "Avenue",
    "Balcony",
    "Bicycle",
    "Carousel",
    "Coastline",
    "Compass",
    "Departures",
    "Engine",
    "Fireworks",
    "Garden",
    "Harbour",
    "Highway",
    "Horizon",
    "Kingdom",
    "Letters",
    "Machine",
    "Mirrors",
    "Morning",
    "Orchard",
    "Postcards",
    "Radio",
    "Satellite",
    "Shoreline",
    "Signals",
    "Staircase",
    "Telegram",
    "Theatre",
    "Weather",
    "Windows",
];

/// What may stand behind a title.
pub(super) const ENDINGS: &[&str] =
    &["", "", "", "", "", " (Acoustic)", " (Live)", " - Remastered", ", Pt. II", " (feat. The Night Clerks)"];
