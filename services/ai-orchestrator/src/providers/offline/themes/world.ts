import { lines, pairs } from '../theme.ts';
import type { Theme } from '../theme.ts';

export const time: Theme = {
  noun: 'time',
  isVirtue: false,
  shadow: 'haste',
  bearers: 'the old',
  stems: [
    'time',
    'hour',
    'clock',
    'year ',
    'years',
    'yearly',
    'age ',
    'aging',
    'ageing',
    'old ',
    'older',
    'past ',
    'future',
    'moment',
    'minute',
    'season',
    'birthday',
    'memor',
    'history',
    'yesterday',
    'late ',
    'later',
    'today',
    'calendar',
    'eternal',
    'brief',
    'mortal',
    'legacy',
    'generation',
    'youth',
    'childhood',
    'nostalg',
    'present ',
    'anniversary',
    'day ',
    'days',
    'week',
  ],
  near: ['patience', 'grief', 'change', 'nature', 'gratitude'],
  does: lines(`
    signs the furniture in small scratches
    edits every letter and returns the best line
    keeps the jam and lets the summer go
    rounds the stone and never mentions it
    walks at one speed past every window
    puts grey in the beard and honey in the voice
    gives the same coin to the king and the cook
    files the teeth of every sorrow
    leaves its shoes in the hall and its rings in the tree`),
  short: lines(`
    rounds stones
    passes
    keeps receipts
    ripens
    sands everything`),
  shadowDoes: lines(`
    reads the last page standing up
    eats lunch with one glove on
    photographs the meal and misses the soup
    spends the hour looking for the hour
    arrives before the person does
    winds the clock until it breaks`),
  image: lines(`
    a stone step worn in the middle
    a door frame with pencil marks and dates
    a jar of summer on a winter shelf
    a coin that can be spent and never counted
    the ring inside the ring of the oak
    a slow train with every window lit
    a sundial in the shade
    a watch left running in a drawer`),
  act: lines(`
    spend the first hour before anyone claims it
    sit on the worn step
    put the watch in the drawer until dinner
    write the date on the jar
    waste an afternoon on someone
    look up before the light changes
    mark the child's height on the door frame
    walk the last mile slowly
    leave one evening unplanned`),
  truth: lines(`
    the step was worn by people who were only going to bed
    an hour is as wide as your attention
    no one has ever saved a minute, only spent it elsewhere
    the years are short because the afternoons were good
    the clock counts everything and knows nothing
    the past keeps changing as you learn to read it
    you will be nostalgic for a day exactly like this one
    the oak keeps its diary on the inside
    what is worth remembering was rarely scheduled`),
  turn: pairs(`
    time flies | it walks, and we look up late
    there is never enough time | there is exactly as much as there is afternoon
    the past is over | it is still being read
    youth is wasted on the young | and the late light is not wasted on the old
    time is money | no one has ever been given change for an evening
    you have all the time in the world | you have this cup, while it is warm`),
  ask: pairs(`
    How long is an hour? | Ask someone who is waiting, and someone who is dancing
    Where did the years go? | Into the step, the jars and the children's height on the door
    What time is it? | The only one there is, and a little past
    When were the good days? | Look around; they rarely announce themselves`),
  scene: lines(`
    an old man winding a clock he no longer needs
    a mother pencilling a child's height on the door frame
    a couple labelling jars in August
    a boy counting the rings of a felled oak
    a woman reading her own old diary kindly
    a watchmaker taking the afternoon off
    two brothers sitting on the step where they once fought`),
  place: lines(`
    in the worn middle of the step
    between the tick and the next
    on the door frame, in pencil
    in the jar with August written on it
    under the bark
    in the slow half of the afternoon`),
  gift: lines(`
    a softer edge on everything
    the best line of every letter
    a face that matches its owner
    one more ring in the oak
    honey in the voice
    a jar of August`),
  price: lines(`
    your hurry
    the shine on the new shoes
    a few sharp certainties
    the front seat
    the dark of your hair`),
  when: lines(`
    when the day has gone and you cannot say where
    when the light turns gold
    when the children are suddenly tall
    when the calendar is full and you are not
    when the clock is the loudest thing in the room`),
};

export const nature: Theme = {
  noun: 'nature',
  isVirtue: false,
  shadow: 'noise',
  bearers: 'gardeners',
  stems: [
    'natur',
    'tree',
    'forest',
    'wood ',
    'woods',
    'river',
    'mountain',
    'sea ',
    'ocean',
    'wave',
    'rain',
    'earth',
    'garden',
    'flower',
    'wind ',
    'windy',
    'bird',
    'sky',
    'star ',
    'stars',
    'starl',
    'moon',
    'snow',
    'winter',
    'summer',
    'autumn',
    'spring',
    'lake',
    'beach',
    'desert',
    'climate',
    'environment',
    'planet',
    'seed',
    'leaf',
    'leaves',
    'sunset',
    'sunrise',
    'storm',
    'wild',
    'animal',
    'plant',
    'farm',
    'bee ',
    'bees',
    'hik',
    'morning',
    'soil',
    'harvest',
    'landscape',
  ],
  near: ['patience', 'time', 'solitude', 'change', 'rest'],
  does: lines(`
    files no plans and opens on schedule
    sends the bill in autumn and the gift in May
    repairs the path with moss
    puts a root through the argument
    rehearses nothing and opens every night
    writes in water and signs in stone
    feeds the sparrow before the statue
    lets the fallen tree keep working
    closes the flower without a bell`),
  short: lines(`
    insists
    mends quietly
    blooms unasked
    keeps seasons
    wastes nothing`),
  shadowDoes: lines(`
    names the bird and misses the song
    mows the clover before the bees have finished
    lights the sky and complains about the dark
    measures the waterfall
    brings a radio to the lake
    paves the meadow and paints it green`),
  image: lines(`
    a root lifting a paving stone
    moss reading an old wall
    a heron standing in its own patience
    a pine growing out of bare rock
    rain explaining itself to a tin roof
    a dandelion in the parking lot
    a fallen trunk with a nursery on its back
    frost on a spider's accounts`),
  act: lines(`
    sit until the birds forget you
    learn the name of one weed
    leave a corner of the garden to itself
    walk without a reason
    let the rain finish its sentence
    plant what you will not pick
    look up where the lamps end
    follow the creek as far as your shoes allow
    put your hand on the bark`),
  truth: lines(`
    the forest holds no meetings and everything grows
    a weed is a flower with other plans
    no river has ever apologised for bending
    the oak does not hurry and the ivy does not gloat
    the smallest root can read the largest stone
    every leaf falls in its own handwriting
    the mountain has heard bigger speeches than yours
    even the desert is only waiting for a date
    the dark is when the owl can finally see`),
  turn: pairs(`
    nature is silent | it is only not talking about us
    nothing happens in winter | ask the bulbs
    a weed is worthless | the bees have another opinion
    the mountain is to be conquered | it hardly noticed that you came up
    you must go far to find the wild | it has come up through your pavement
    flowers are fragile | they have outlived every empire that picked them`),
  ask: pairs(`
    What does a tree do all day? | Everything, and without leaving the house
    How does water win? | By coming back
    What is a weed? | A flower nobody sent for
    Who owns the hill? | The hare, until dusk, and then the owl`),
  scene: lines(`
    a heron waiting for the pond to blink
    a boy carrying a snail across the road
    a gardener apologising to a worm
    a dandelion splitting the pavement
    a fox crossing the car park as if it were a field
    an old woman greeting the first swallow by name
    geese arguing their way south`),
  place: lines(`
    in the crack in the pavement
    at the edge of the lawn, where the mower turns
    under the leaf that has already fallen
    where the lamps end
    on the shady side of the wall
    a spade's depth under the snow`),
  gift: lines(`
    a longer breath
    dirt under the nails and an appetite
    a sky with the lid off
    an ear for small weather
    the proper size of your troubles
    a pocket full of acorns`),
  price: lines(`
    dry shoes
    an hour of signal
    a perfect lawn
    your schedule
    the last of the lamplight`),
  when: lines(`
    when the walls begin to hum
    when the rain finds your collar
    when the first swallow is late
    when the street lamps go out
    when you have talked too long indoors`),
};

export const home: Theme = {
  noun: 'belonging',
  isVirtue: false,
  shadow: 'homesickness',
  bearers: 'those who belong',
  stems: [
    'home',
    'house',
    'family',
    'famil',
    'kitchen',
    'parent',
    'mother',
    'father',
    'brother',
    'sister',
    'grand',
    'child',
    'root',
    'belong',
    'hearth',
    'village',
    'immigra',
    'refugee',
    'country',
    'door',
    'room',
    'table',
    'dinner',
    'cook',
    'bread',
    'neighbo',
    'return',
    'place',
    'hometown',
    'homecoming',
    'move ',
    'moving',
  ],
  near: ['love', 'friendship', 'rest', 'gratitude', 'time'],
  does: lines(`
    knows which stair creaks
    keeps your chair at the table
    finds the light switch in the dark
    spells your name right on the first try
    calls everyone to the table twice
    lets you arrive in the middle of a sentence
    keeps a towel with your initial
    hears your key before the door moves
    sets the soup down without asking`),
  short: lines(`
    saves seats
    leaves keys
    waits up
    knows you
    sets places`),
  shadowDoes: lines(`
    hums a song in the wrong kitchen
    keeps the suitcase half packed
    checks the weather in another city
    sleeps on the edge of the bed
    asks the bread to taste like other bread
    writes the old address by mistake`),
  image: lines(`
    a stair that creaks in your language
    a row of shoes in the hall
    soup that needs no name
    a key worn smooth by one pocket
    a table with a leaf put in for guests
    a lit kitchen seen from the street
    the dent in the sofa that fits you
    a coat hook with your name on it`),
  act: lines(`
    put the leaf in the table
    learn which stair creaks
    hang your coat as if you were staying
    cook the thing that smells like before
    keep a key for whoever is late
    write your height on the door frame, too
    plant something you can smell from the kitchen
    set one more bowl than you need
    call them to the table twice`),
  truth: lines(`
    you belong where your absence is noticed
    a house is walls, and the rest is who gets up first
    the best room is the one where everyone is in the way
    nobody remembers the sofa, only who slept on it
    you can be born in one place and arrive in another
    a key is a small piece of trust with teeth
    the smell of onions has brought back more people than any speech
    the door is older than the quarrel
    there is a stair in you that still creaks the same way`),
  turn: pairs(`
    home is where you come from | it is where they hear your key
    belonging is given | you build it, bowl by bowl
    a good house is a quiet one | a good house has a queue for the bathroom
    you cannot go home again | you can, if you knock and bring bread
    walls make a home | it is mostly soup and interruptions
    you have to fit in | you only have to hang up your coat`),
  ask: pairs(`
    How do you know you are home? | You stop listening to the stairs
    What makes a house warm? | Someone who asks whether you have eaten
    Where are you from? | From a kitchen, like everyone
    How many keys is enough? | One for every person you would get up for`),
  scene: lines(`
    a grandmother counting heads with a ladle
    a child running ahead to ring the bell
    a family shouting in one kitchen about salt
    a student carrying laundry home in March
    a newcomer hanging curtains in an empty flat
    a father listening for one key
    a dog choosing the coldest spot nearest to everyone`),
  place: lines(`
    on the stair that creaks
    in the smell of onions at six
    at the crowded end of the table
    in the hall, among the shoes
    where someone hears your key
    in the kitchen, in everyone's way`),
  gift: lines(`
    a chair that is yours by habit
    a place to be tired in
    someone who hears your key
    soup without questions
    a dent in the sofa
    a window that lights up on time`),
  price: lines(`
    the bathroom at seven in the morning
    your half-packed suitcase
    a quiet Sunday
    the privacy of strangers
    the last word about salt`),
  when: lines(`
    when the train slows and the hills look familiar
    when the new key sticks
    when the table is too small for everyone
    when you write the old address by mistake
    when the house is full and you want to be alone`),
};
