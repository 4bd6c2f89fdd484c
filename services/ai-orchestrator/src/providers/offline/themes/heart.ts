import { lines, pairs } from '../theme.ts';
import type { Theme } from '../theme.ts';

export const love: Theme = {
  noun: 'love',
  isVirtue: true,
  shadow: 'indifference',
  bearers: 'those who love',
  stems: [
    'love',
    'loving',
    'beloved',
    'heart',
    'romanc',
    'romant',
    'marri',
    'wedding',
    'husband',
    'wife',
    'partner',
    'kiss',
    'affection',
    'anniversary',
    'devot',
    'tender',
    'mother',
    'father',
    'daughter',
    'son ',
    'bride',
    'groom',
    'valentine',
  ],
  near: ['friendship', 'kindness', 'belonging', 'grief', 'gratitude'],
  does: lines(`
    remembers how you take your tea
    warms the car before you wake
    keeps the last slice under a bowl
    learns your silences by name
    walks on the traffic side of the pavement
    asks twice and waits for the second answer
    mends the cuff nobody else has noticed
    leaves the hall light on
    carries the heavier bag and calls it nothing`),
  short: lines(`
    stays late
    remembers
    keeps calling
    notices
    warms rooms`),
  shadowDoes: lines(`
    looks at its watch
    sends flowers by invoice
    forgets the name of the dog
    calls the house quiet
    answers with one eye on the door
    says fine and means nothing`),
  image: lines(`
    a second cup left in the sink
    a hand finding yours in the dark cinema
    a coat around someone else's shoulders
    the chair that is always pulled out
    a shopping list in two handwritings
    an umbrella held too far to one side
    the old song hummed from the next room
    a light left on in the hall`),
  act: lines(`
    learn how they take their tea
    call before you have a reason
    keep the bigger half for someone else
    ask again, and wait for the longer answer
    say it while they can hear it
    leave the hall light on
    notice the new haircut
    write the note by hand
    hold the umbrella a little to their side`),
  truth: lines(`
    the small errands were the long sentences
    nobody was ever loved in general
    the heart keeps its accounts in crumbs and ticket stubs
    you cannot hold a hand with a closed one
    a house is warm because somebody got up first
    being known is the warmest room there is
    the great words are mostly said with dishes
    what is given away at breakfast is still there at dinner
    two people can look at one rain and stay dry`),
  turn: pairs(`
    love is a feeling | it is also the errand you run in the rain
    love is blind | it sees the crooked tooth and calls it home
    love means never arguing | it means knowing where the other one keeps the plasters
    love is found | it is built, one breakfast at a time
    the heart wants fireworks | by and large it wants someone to ask about the day
    love fades | it changes into its house shoes`),
  ask: pairs(`
    How do you say it without the word? | You warm the car
    What is left when the music stops? | Two people and the washing-up, if you are lucky
    How large is a heart? | It has always had room for one more chair
    When did it begin? | Somewhere between the second coffee and the last bus`),
  scene: lines(`
    a man cutting his wife's toast into triangles after fifty years
    a father learning to braid hair
    a girl keeping the red sweets for her brother
    an old couple sharing one pair of glasses
    a mother driving home slowly so as not to wake anyone
    two people folding one sheet
    a boy giving his grandmother the window seat`),
  place: lines(`
    in the kitchen, after the guests have gone
    on the traffic side of the pavement
    at the station, ten minutes early
    in the margin of the shopping list
    between the question and the second question
    under the bowl with the last slice`),
  gift: lines(`
    a second key to the same door
    someone who knows the whole story
    a warmer side of the bed
    a name spoken as if it mattered
    a witness to the small days
    a hand on the back of the chair`),
  price: lines(`
    the last word
    the bigger half
    an evening you had planned otherwise
    your best disguise
    the right to be always right`),
  when: lines(`
    when the day has been long for both of you
    when the silence is louder than the quarrel
    when there is nothing left to prove
    when the house is asleep
    when you are sure you are right`),
};

export const friendship: Theme = {
  noun: 'friendship',
  isVirtue: true,
  shadow: 'distance',
  bearers: 'old friends',
  stems: [
    'friend',
    'companion',
    'neighbo',
    'together',
    'company',
    'ally ',
    'allies',
    'trust',
    'loyal',
    'team',
    'belong',
    'communit',
    'reunion',
    'colleague',
    'classmate',
    'buddy',
    'stranger',
    'connect',
  ],
  near: ['kindness', 'love', 'belonging', 'gratitude', 'joy'],
  does: lines(`
    comes in by the kitchen door
    remembers the name of your first dog
    sits on the kerb with you until the tow truck comes
    laughs before the end of the story
    brings soup and asks nothing
    picks up a sentence that was dropped last year
    helps you carry the sofa down again
    tells you about the spinach in your teeth
    keeps your secret so well it forgets it`),
  short: lines(`
    calls back
    brings soup
    carries sofas
    stays over
    listens twice`),
  shadowDoes: lines(`
    sends a card with a printed name
    means to call in spring
    keeps the good chairs covered
    waits to be asked first
    clears its throat and mentions the time
    remembers the debt and not the dinner`),
  image: lines(`
    a second chair on the porch
    an old joke with its punch line worn off
    a borrowed book with someone else's notes
    a soup pot carried across the street
    a second bicycle against the wall
    a spare key under a friendly stone
    a long table with mismatched chairs
    a phone that rings at the right hour`),
  act: lines(`
    call the one who never calls first
    bring the soup without asking
    return the book, and stay for coffee
    carry the other end of the sofa
    laugh before the end of the story
    save the chair next to yours
    ask how it really went
    drive them to the early train
    tell the truth about the haircut, kindly`),
  truth: lines(`
    the best talks begin after the coats are on
    nobody remembers who paid, only who stayed
    a road is shorter when someone shares the complaining
    old friends need no first sentence
    the ones who help you move have seen everything you own
    silence between two people can be furniture, too
    you are somebody's good news
    a laugh shared in bad weather keeps for years
    trust is built like a dry wall, one plain stone on another`),
  turn: pairs(`
    friends agree with each other | they argue over the map and share the sandwich
    true friends talk every day | they can pick up in the middle of a sentence from last year
    you choose your friends | more often you look up, and they are already carrying something
    good company is amusing | good company can also wait at the garage
    distance ends things | it only makes the first coffee longer
    you must deserve your friends | luckily none of them are counting`),
  ask: pairs(`
    How do you know a friend? | By the way they leave: slowly, and with your umbrella
    What do we owe each other? | A chair, a call and the truth about the soup
    How far is too far? | It was never a matter of miles
    Who are your people? | The ones who came to carry the sofa`),
  scene: lines(`
    two neighbours sharing one ladder
    a girl waiting at the corner although it rains
    an old man reading the paper aloud to another
    four people pushing one car
    a boy lending his second glove
    a colleague quietly keeping the last biscuit for you
    two women laughing at a funeral, for the right reason`),
  place: lines(`
    on the kerb beside the broken car
    at the end of the long table
    in the doorway, with the coats already on
    on the other end of the sofa
    in the second hour of the phone call
    at the back of the bus`),
  gift: lines(`
    a witness for the defence
    a joke only two people know
    somewhere to be on a bad Thursday
    a shorter road
    a laugh that arrives before the punch line
    the spare key to another kitchen`),
  price: lines(`
    a Saturday and a sore back
    the last biscuit
    your turn to speak
    a little pride
    the comfort of not being known`),
  when: lines(`
    when the phone has been silent too long
    when the car will not start
    when the party has gone quiet
    when someone says they are fine too quickly
    when the stairs are narrow and the sofa is not`),
};

export const kindness: Theme = {
  noun: 'kindness',
  isVirtue: true,
  shadow: 'contempt',
  bearers: 'the kind',
  stems: [
    'kind',
    'compassion',
    'empath',
    'generos',
    'generous',
    'gentle',
    'care ',
    'cares',
    'careg',
    'caring',
    'help',
    'charit',
    'volunteer',
    'nurse',
    'humanity',
    'human ',
    'respect',
    'service',
    'serving',
    'sharing',
    'share',
    'give',
    'giving',
    'support',
    'carer',
  ],
  near: ['friendship', 'love', 'gratitude', 'courage', 'truth'],
  does: lines(`
    holds the door a second longer than it must
    lowers its voice instead of raising its point
    asks the waiter's name and remembers it
    leaves the last seat in the shade
    moves the snail off the path
    lets the other one tell the story
    forgets to mention the favour
    walks at the pace of the slowest
    reads the label and not the stain`),
  short: lines(`
    goes unsigned
    holds doors
    costs little
    asks again
    makes room`),
  shadowDoes: lines(`
    keeps the receipt
    corrects the grammar of the weeping
    laughs with its mouth closed
    looks over your shoulder for someone better
    wins the argument and loses the table
    calls itself honesty`),
  image: lines(`
    a seat given up before anyone asks
    a glass of water set down without a word
    a blanket over someone who fell asleep reading
    an umbrella lent to a stranger
    bread left on the neighbour's step
    a voice lowered in a shouting room
    the middle seat taken with a smile
    a bench built for whoever comes next`),
  act: lines(`
    hold the door for the slow one
    ask the quiet one a question
    lower your voice, not your standards
    give up the seat before anyone asks
    leave the shade to someone else
    forget the favour once it is done
    speak well of someone who is not there
    carry the bag to the top of the stairs
    thank the one who swept the floor`),
  truth: lines(`
    everyone in the queue is carrying something
    a soft word has never broken a window
    the tired remember who moved over
    no one was ever improved by a sneer
    a small mercy travels farther than its sender
    the strongest hands are the ones that can hold an egg
    a favour forgotten by the giver is worth double
    there is always room for one more if somebody shifts
    whoever swept the floor heard every word`),
  turn: pairs(`
    kindness is weakness | it takes a strong arm to set a thing down gently
    the kind finish last | they are only holding the door
    you must be cruel to be kind | you may also just sit down and explain
    people should earn it | rain has never asked the field for references
    one small favour changes nothing | it changes the afternoon, and the afternoon has a neighbour
    being nice is enough | sometimes being kind means staying for the hard part`),
  ask: pairs(`
    What does it cost to be kind? | About four seconds, most days
    Who deserves it? | Whoever is next through the door
    How do you repay a stranger? | By becoming one, for somebody else
    How do you change a bad day? | Begin with the next person in it`),
  scene: lines(`
    a stranger turning back with the dropped glove
    a bus driver waiting for a running woman
    a child putting a plaster on a doll for practice
    a nurse warming the stethoscope in her hand
    a tall man folding himself into the middle seat
    a cook keeping one portion back for the cleaner
    a teenager carrying groceries he did not buy`),
  place: lines(`
    in the extra second at the door
    at the slow end of the stairs
    in the second portion, kept warm
    on the neighbour's doorstep, unsigned
    in the pause before the correction
    at the bedside, after visiting hours`),
  gift: lines(`
    a lighter bag
    a day that can be told at dinner
    someone else's better afternoon
    a door that stays open behind you
    a stranger with one story more
    a clean sort of tiredness`),
  price: lines(`
    the last word
    the seat in the shade
    a perfect comeback
    four seconds of hurry
    the credit`),
  when: lines(`
    when the clerk is slow
    when you have the perfect comeback
    when nobody would notice either way
    when the other one is wrong and tired
    when someone new stands at the edge of the room`),
};
