// What an example of a data set of TensorFlow Datasets is, as its package 4.9.10 describes them; test/slow/tfds.test.ts asks it.
import type { Dim, Shape } from "./shape";

export interface Feature {
  readonly shape: Shape;
  readonly dtype: string;
  /** Of a label: how many there are. */
  readonly classes: number | null;
}

export interface TfdsFacts {
  readonly features: ReadonlyMap<string, Feature | null>;
  /** What `as_supervised=True` gives: the names of the input and of the label; null where it cannot. */
  readonly supervised: readonly [string, string] | null;
}

/**
 * A line a data set: its name, with its configuration or `*` where the configuration changes nothing; its features, a size that is
 * not the same for all being `?`; what is supervised, where that is not an image with its label.
 */
const TABLE = `
ag_news_subset | label: 4 classes; title: string; description: string | description label
beans | image: 500x500x3 uint8; label: 3 classes
binarized_mnist | image: 28x28x1 uint8 | -
caltech101 | image: ?x?x3 uint8; label: 102 classes; image/file_name: string
caltech_birds2010 | image: ?x?x3 uint8; image/filename: string; label: 200 classes; label_name: string; bbox: 4 float32; segmentation_mask: ?x?x1 uint8
caltech_birds2011 | image: ?x?x3 uint8; image/filename: string; label: 200 classes; label_name: string; bbox: 4 float32; segmentation_mask: ?x?x1 uint8
cars196 | image: ?x?x3 uint8; label: 196 classes; bbox: 4 float32; id: string
cassava | image: ?x?x3 uint8; image/filename: string; label: 5 classes
cats_vs_dogs | image: ?x?x3 uint8; image/filename: string; label: 2 classes
cifar10 | id: string; image: 32x32x3 uint8; label: 10 classes
cifar100 | id: string; image: 32x32x3 uint8; label: 100 classes; coarse_label: 20 classes
cifar10_1/* | image: 32x32x3 uint8; label: 10 classes
cifar10_corrupted/* | image: 32x32x3 uint8; label: 10 classes
citrus_leaves | image: ?x?x3 uint8; image/filename: string; label: 4 classes
cmaterdb | image: 32x32x3 uint8; label: 10 classes
colorectal_histology | image: 150x150x3 uint8; label: 8 classes; filename: string
cycle_gan/* | image: ?x?x3 uint8; label: 2 classes
deep_weeds | image: 256x256x3 uint8; label: 9 classes
dtd | file_name: string; image: ?x?x3 uint8; label: 47 classes | -
emnist | image: 28x28x1 uint8; label: 62 classes
emnist/balanced | image: 28x28x1 uint8; label: 47 classes
emnist/byclass | image: 28x28x1 uint8; label: 62 classes
emnist/bymerge | image: 28x28x1 uint8; label: 47 classes
emnist/digits | image: 28x28x1 uint8; label: 10 classes
emnist/letters | image: 28x28x1 uint8; label: 37 classes
eurosat | image: 64x64x3 uint8; label: 10 classes; filename: string
eurosat/rgb | image: 64x64x3 uint8; label: 10 classes; filename: string
fashion_mnist | image: 28x28x1 uint8; label: 10 classes
food101 | image: ?x?x3 uint8; label: 101 classes
german_credit_numeric | features: 24 int32; label: 2 classes | features label
horses_or_humans | image: 300x300x3 uint8; label: 2 classes
imagenet2012 | image: ?x?x3 uint8; label: 1000 classes; file_name: string
imagenet_v2/* | image: ?x?x3 uint8; label: 1000 classes; file_name: string
imagenette/* | image: ?x?x3 uint8; label: 10 classes
imagewang/* | image: ?x?x3 uint8; label: 20 classes
imdb_reviews | text: string; label: 2 classes | text label
imdb_reviews/plain_text | text: string; label: 2 classes | text label
iris | features: 4 float32; label: 3 classes | features label
kmnist | image: 28x28x1 uint8; label: 10 classes
malaria | image: ?x?x3 uint8; label: 2 classes
mnist | image: 28x28x1 uint8; label: 10 classes
mnist_corrupted/* | image: 28x28x1 uint8; label: 10 classes
omniglot | image: 105x105x3 uint8; alphabet: 50 classes; alphabet_char_id: int64; label: 1623 classes
oxford_flowers102 | image: ?x?x3 uint8; label: 102 classes; file_name: string
oxford_iiit_pet | image: ?x?x3 uint8; label: 37 classes; species: 2 classes; file_name: string; segmentation_mask: ?x?x1 uint8; head_bbox: 4 float32
patch_camelyon | id: string; image: 96x96x3 uint8; label: 2 classes
penguins | species: 3 classes; features: 4 float32 | features species
penguins/processed | species: 3 classes; features: 4 float32 | features species
plant_leaves | image: ?x?x3 uint8; image/filename: string; label: 22 classes
plant_village | image: ?x?x3 uint8; image/filename: string; label: 38 classes
quickdraw_bitmap | image: 28x28x1 uint8; label: 345 classes
resisc45 | image: 256x256x3 uint8; label: 45 classes; filename: string
rock_paper_scissors | image: 300x300x3 uint8; label: 3 classes
stanford_dogs | image: ?x?x3 uint8; image/filename: string; label: 120 classes; objects: ?
stl10 | image: 96x96x3 uint8; label: 10 classes
svhn_cropped | image: 32x32x3 uint8; label: 10 classes; id: string
tf_flowers | image: ?x?x3 uint8; label: 5 classes
tiny_shakespeare | text: string | -
uc_merced | image: ?x?x3 uint8; label: 21 classes; filename: string
yelp_polarity_reviews | text: string; label: 2 classes | text label
`;

const INTO = " | ";

let table: ReadonlyMap<string, TfdsFacts> | null = null;

/** The facts by name, in the order of the table. */
export function tfdsTable(): ReadonlyMap<string, TfdsFacts> {
  table ??= new Map(
    TABLE.trim()
      .split("\n")
      .map((line) => {
        const [name, features, supervised = "image label"] = line.split(INTO) as [string, string, string?];
        const [x, y] = supervised.split(" ");
        return [name, { features: featuresIn(features), supervised: x && y ? [x, y] : null }] as const;
      }),
  );
  return table;
}

const featuresIn = (text: string): TfdsFacts["features"] =>
  new Map(
    text.split("; ").map((part) => {
      const [name, kind] = part.split(": ") as [string, string];
      return [name, kind === "?" ? null : featureOf(kind)] as const;
    }),
  );

/** `28x28x1 uint8`, `string`, `10 classes`. */
function featureOf(kind: string): Feature {
  const [first, second] = kind.split(" ") as [string, string?];
  if (second === undefined) return { shape: [], dtype: first, classes: null };
  if (second === "classes") return { shape: [], dtype: "int64", classes: Number(first) };
  const dims = first.split("x").map((dim): Dim => (dim === "?" ? "?" : Number(dim)));
  return { shape: dims, dtype: second, classes: null };
}

/** By the name that `tfds.load` is given, with its configuration and version; null where the data set is not known here. */
export function tfdsDataset(name: string): TfdsFacts | null {
  const [whole] = name.split(":") as [string];
  const [base] = whole.split("/") as [string];
  return tfdsTable().get(whole) ?? tfdsTable().get(`${base}/*`) ?? null;
}
