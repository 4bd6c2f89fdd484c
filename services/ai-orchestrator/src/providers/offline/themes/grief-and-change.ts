import { lines, pairs } from '../theme.ts';
import type { Theme } from '../theme.ts';

export const loss: Theme = {
  noun: 'grief',
  isVirtue: false,
  shadow: 'forgetting',
  bearers: 'the grieving',
  stems: [
    'loss',
    'lost',
    'losing',
    'lose',
    'grief',
    'griev',
    'mourn',
    'death',
    'died',
    'dying',
    'dead ',
    'goodbye',
    'farewell',
    'funeral',
    'widow',
    'gone',
    'missing',
    'miss ',
    'sad ',
    'sadn',
    'sorrow',
    'tears',
    'breakup',
    'divorce',
    'heartb',
    'bereav',
    'memor',
    'nostalg',
    'remember',
    'pain ',
    'painful',
  ],
  near: ['love', 'time', 'gratitude', 'hope', 'belonging'],
  does: lines(`
    sets one plate too many
    knows the way to the cupboard in the dark
    keeps a voice on an old answering machine
    wears the cardigan for its smell
    turns to tell someone and finds the chair
    comes back with the first snow
    learns to carry water in both hands
    speaks of the dead in the present tense
    takes the long road past the old house`),
  short: lines(`
    keeps watch
    stays awhile
    remembers birthdays
    softens
    hums`),
  shadowDoes: lines(`
    empties the wardrobe in an afternoon
    calls it closure
    changes the subject and the curtains
    tells the widow it is time
    folds up the chair
    loses the recipe with the handwriting`),
  image: lines(`
    a coat still hanging in the hall
    the second toothbrush
    a number you cannot delete
    love with nowhere to set down its bags
    a garden that goes on blooming for no one
    an empty chair with good light
    a recipe in a familiar hand
    a tide that has forgotten the calendar`),
  act: lines(`
    say the name at dinner
    keep the cardigan one more winter
    cook the recipe from the stained card
    tell the story again, the long version
    leave the chair where it stands
    weep in the car, then drive
    water what they planted
    let the tide come in as it likes
    write the letter and keep the stamp`),
  truth: lines(`
    the empty chair is also a way of being seated
    nobody is gone who is still quoted at breakfast
    we only weep for what once made us laugh
    the tide goes out, and never asks whether you were ready
    the house learns a new silence, room by room
    what was loved leaves the light on in you
    the first spring after is the rudest one
    sorrow is heavy because it is full
    a voice can outlive its throat by many years`),
  turn: pairs(`
    time heals everything | it only teaches the hands to carry
    you must let go | you may also carry it differently
    the dead are silent | they have opinions about the soup
    tears are weakness | they are the one honest currency that everyone has
    you will get over it | you will get on with it, and take it along
    it is better not to speak of them | every time you do, somebody pulls up a chair`),
  ask: pairs(`
    How long does grief last? | As long as love does, in a smaller coat
    What do you do with an empty chair? | Leave it in the good light
    Where do they go? | Into the recipes, mostly, and the way you laugh
    When does it stop? | One morning you notice that you were humming`),
  scene: lines(`
    a widower ironing one shirt with care
    a daughter wearing her mother's watch, unwound
    a man saving an old voice message again
    a dog waiting at the five o'clock door
    a woman pouring a second cup from habit
    a family laughing in the funeral car
    a boy finding his grandfather's handwriting in a book`),
  place: lines(`
    in the second cup, poured from habit
    at the five o'clock door
    behind the winter coats
    on the stained recipe card
    in the pause after a name
    between two songs on the radio`),
  gift: lines(`
    a name kept warm
    a softer way of knocking on doors
    an ear for other people's silences
    a recipe and the right to change it
    the long version of the story
    a tenderness toward everything that ends`),
  price: lines(`
    a dry handkerchief
    several good mornings
    the old silence of the house
    the easy answer
    your hurry`),
  when: lines(`
    when the first snow falls without them
    when a song finds you in the supermarket
    when you reach for the phone and remember
    when the house is too tidy
    when everyone else has gone back to work`),
};

export const change: Theme = {
  noun: 'change',
  isVirtue: false,
  shadow: 'habit',
  bearers: 'those who change',
  stems: [
    'chang',
    'new ',
    'newly',
    'newborn',
    'begin',
    'start ',
    'starting',
    'started',
    'starts',
    'restart',
    'again',
    'transform',
    'transition',
    'move ',
    'moving',
    'leav',
    'become',
    'reinvent',
    'adapt',
    'shift',
    'grow',
    'evol',
    'turning',
    'graduat',
    'retir',
    'quit',
    'fresh',
    'renew',
    'different',
    'chapter',
    'journey',
    'travel',
    'adventur',
    'threshold',
  ],
  near: ['courage', 'hope', 'learning', 'time', 'freedom'],
  does: lines(`
    moves the furniture before it moves the house
    arrives without wiping its feet
    borrows your old shoes and returns boots
    starts in one drawer
    hands you a map with the ink still wet
    enters by the side gate
    teaches the old key a new door
    takes down the curtains and shows you the street
    packs the one box you cannot lift`),
  short: lines(`
    knocks twice
    rearranges
    turns keys
    starts small
    repaints rooms`),
  shadowDoes: lines(`
    polishes the cage
    takes the same stairs in a burning house
    calls the rut a road
    keeps the old calendar on the wall
    waters the plastic flowers
    argues for the chair it already sits in`),
  image: lines(`
    a snake's old skin on a warm stone
    a key that fits the lock the wrong way round
    a suitcase open on the bed
    a paint sample held against an old wall
    the first page of a blank notebook
    a river trying a new bed
    a box in the hall with an old name on it
    a bulb that has decided`),
  act: lines(`
    begin with one drawer
    take the other stairs
    paint one wall
    pack the box you keep walking around
    say yes before the habit answers
    give the old coat away while it is still warm
    move the chair toward the window
    leave one shelf empty
    cross the street just to see it from there`),
  truth: lines(`
    the river is never the same and nobody calls it fickle
    every habit was once a stranger
    you cannot keep the season, only the jam
    the door you came in by is not the only one
    an empty shelf is an invitation
    a snake does not mourn its skin
    nobody steps into a new life with both feet at once
    what bends in the storm is there in the morning
    the map was drawn by someone who got lost there first`),
  turn: pairs(`
    people never change | ask their shoes
    you need a whole new life | you need one new drawer
    change is loud | it mostly comes in socks
    it is too late to begin again | it is only later than before, and no tree minds
    the old days were better | they were only already swept
    you lose yourself when you change | you only lose the coat`),
  ask: pairs(`
    Where do you start? | In the drawer you open least
    What do you take along? | Less than you packed, and one thing you forgot
    How do rivers do it? | By leaving, and by staying a river
    Is it too late? | Ask the maples; they do it all in October`),
  scene: lines(`
    a man of sixty buying his first guitar
    a woman painting the nursery into a study
    a family eating pizza on unpacked boxes
    a boy outgrowing his coat by Thursday
    a grandmother learning to text with one finger
    a clerk clearing his desk with a smile
    a crab walking out of its old shell`),
  place: lines(`
    in the drawer you open least
    at the side gate, after rain
    between the old key and the new lock
    on the landing, with both doors open
    in the hall, among the boxes
    one stop past your own`),
  gift: lines(`
    a window where the wall was
    an empty shelf
    a second first day
    new names for old streets
    room to turn around in
    a lighter suitcase`),
  price: lines(`
    a comfortable chair
    the old map
    knowing where the light switch is
    a drawer full of keys
    the version of you that everyone knew`),
  when: lines(`
    when the old shoes begin to pinch
    when the room has learned all your jokes
    when the boxes stand in the hall
    when the season turns without asking
    when you catch yourself watering plastic flowers`),
};

export const failure: Theme = {
  noun: 'failure',
  isVirtue: false,
  shadow: 'pride',
  bearers: 'those who have fallen',
  stems: [
    'fail',
    'mistake',
    'error',
    'defeat',
    'reject',
    'stumbl',
    'fall ',
    'falls',
    'falling',
    'fallen',
    'fell ',
    'setback',
    'bankrupt',
    'wrong',
    'flop',
    'burn',
    'regret',
    'recover',
    'resilien',
    'comeback',
    'imperfect',
    'layoff',
    'fired ',
    'crash',
    'broken',
    'shame',
    'scar',
  ],
  near: ['courage', 'learning', 'patience', 'change', 'hope'],
  does: lines(`
    hands back the plan with notes in the margin
    shows you where the stairs really are
    keeps the only honest ledger
    leaves flour on every surface
    gives lessons and lets you pay in bruises
    empties the room of flatterers
    burns the first pancake on purpose
    sweeps the stage for the second act
    teaches the hammer to respect the thumb`),
  short: lines(`
    takes notes
    teaches plainly
    leaves notes
    sands edges
    passes`),
  shadowDoes: lines(`
    frames the certificate and hides the drafts
    never asks for directions
    repaints the crack
    calls the fall a dive
    practises its acceptance speech
    refuses the mop`),
  image: lines(`
    a first pancake
    a draft with more red than black
    a bowl mended with gold
    a skinned knee on the way home
    the dented side of the toolbox
    a cake that taught three people to read the recipe
    a bridge that fell in the model and not in the river
    a bent nail straightened and used`),
  act: lines(`
    count what you learned before you count what you lost
    eat the first pancake
    sign the bad draft, then begin the next
    straighten the nail
    tell the story against yourself
    sweep up before you explain
    ask the fall what it saw
    try it again with cheaper wood
    keep the dented one for luck`),
  truth: lines(`
    every good cook has scraped a pan in secret
    the second draft begins with the honesty of the first
    no one learns the ice by walking around the pond
    the mended place is often the strongest
    a fall is only geography until you stay there
    whoever never missed was standing very close
    scars are how the skin keeps notes
    the workshop floor is covered with earlier ideas
    erasers wear out sooner than pencils, and for good reason`),
  turn: pairs(`
    failure is the end | it is a chapter with a bad title
    winners never fall | they only know the floor better
    you should hide your mistakes | they are the only part anyone can learn from
    the fall breaks you | more often it breaks the pedestal
    one wrong note ruins the song | play it twice and call it jazz
    it was all for nothing | nothing has never weighed this much in the toolbox`),
  ask: pairs(`
    What do you do with a broken plan? | Read it again; the breaks are annotated
    Who remembers your worst day? | You, and a few people who liked you better for it
    How many times can one begin? | Ask anyone who makes pancakes
    What did the floor say? | That it holds`),
  scene: lines(`
    a skater getting up before the music ends
    a baker laughing at a collapsed cake
    a girl erasing a hole in the paper and drawing around it
    a carpenter measuring a third time
    a toddler sitting down suddenly and considering the matter
    an inventor labelling the ashes
    a goalkeeper clapping for the next shot`),
  place: lines(`
    on the workshop floor, among the shavings
    in the margin of the third draft
    at the bottom of the stairs you thought you knew
    in the smoke above the pan
    one inch beside the nail
    in the quiet after the wrong note`),
  gift: lines(`
    a better question
    a story that makes other people braver
    hands that check twice
    a shorter list of flatterers
    a second draft
    an honest map of the ice`),
  price: lines(`
    a clean apron
    a perfect record
    one Sunday face
    the pedestal
    some expensive wood`),
  when: lines(`
    when the cake collapses
    when the third draft is worse than the second
    when the floor comes up to meet you
    when nobody claps
    when the letter begins with unfortunately`),
};
