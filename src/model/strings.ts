// The strings that Keras and TensorFlow.js take for an activation, a loss, an optimizer and so on, each with what it is. A table;
// test/truth/strings.test.ts asks the libraries whether they take each.
import type { Library } from "./layers/catalog.types";

export type StringKind =
  | "activation"
  | "loss"
  | "metric"
  | "optimizer"
  | "initializer"
  | "regularizer"
  | "constraint"
  | "padding"
  | "data_format";

export interface KnownString {
  readonly name: string;
  /** What it is, as Markdown. */
  readonly text: string;
}

/**
 * `name libraries text`: 3 is Keras 3, 2 is Keras 2, j is TensorFlow.js, whose name follows "=" where it is not the same in camel case.
 */
const TABLE: Readonly<Record<StringKind, string>> = {
  activation: `
relu 32j max(x, 0): what hidden layers mostly have.
sigmoid 32j 1 / (1 + e⁻ˣ), between 0 and 1: for one output of two classes, or for labels that do not exclude each other.
softmax 32j e^xᵢ / Σ e^xⱼ: probabilities that sum to 1, for several classes that exclude each other.
linear 32j x as it is: for a regression, or for logits.
tanh 32j Between -1 and 1.
elu 32j x, and e^x - 1 below 0.
selu 32j elu with fixed scales that keep a network normalized; with lecun_normal weights and AlphaDropout.
gelu 32j x · Φ(x), with the normal distribution's Φ: what transformers mostly have.
swish 32j x · sigmoid(x), also called silu.
silu 3 x · sigmoid(x), also called swish.
softplus 32j log(1 + e^x): always over 0.
softsign 32j x / (1 + |x|).
exponential 32 e^x: always over 0.
mish 32j x · tanh(softplus(x)).
hard_sigmoid 32j A sigmoid of straight lines.
hard_silu 3 silu of straight lines, also called hard_swish.
hard_swish 3 swish of straight lines, also called hard_silu.
hard_tanh 3 x cut to between -1 and 1.
hard_shrink 3 x, and 0 where |x| is small.
soft_shrink 3 x drawn towards 0 by a fixed amount.
tanh_shrink 3 x - tanh(x).
leaky_relu 3 x, and a small part of x below 0.
relu6 3j max(x, 0) cut at 6.
celu 3 x, and a · (e^(x/a) - 1) below 0.
glu 3 One half of the input times the sigmoid of the other half.
log_sigmoid 3 log(sigmoid(x)).
log_softmax 3j log(softmax(x)): probabilities as logarithms.
sparsemax 3 As softmax, with zeros for what is unlikely.
sparse_plus 3 A softplus that is 0 below -1.
sparse_sigmoid 3 A sigmoid of straight lines that reaches 0 and 1.
squareplus 3 (x + √(x² + b)) / 2.
threshold 3 x, and a fixed value where x is not over a threshold.
`,
  loss: `
sparse_categorical_crossentropy 32j Several classes, labels as whole numbers: 0, 1, 2 …
categorical_crossentropy 32j Several classes, labels one-hot: [0, 1, 0].
binary_crossentropy 32j Two classes, or labels that do not exclude each other: 0 or 1 each.
mean_squared_error 32j The mean of (y - ŷ)²: the usual loss of a regression.
mse 32 Short for mean_squared_error.
mean_absolute_error 32j The mean of |y - ŷ|: less moved by outliers.
mae 32 Short for mean_absolute_error.
mean_absolute_percentage_error 32j 100 · the mean of |y - ŷ| / |y|.
mape 32 Short for mean_absolute_percentage_error.
mean_squared_logarithmic_error 32j The mean of (log(1 + y) - log(1 + ŷ))².
msle 32 Short for mean_squared_logarithmic_error.
huber 32 Squared for small errors, absolute for large ones.
log_cosh 32 log(cosh(ŷ - y)): nearly squared for small errors, absolute for large ones.
logcosh 2j log(cosh(ŷ - y)): nearly squared for small errors, absolute for large ones.
hinge 32j max(1 - y · ŷ, 0), with labels -1 and 1.
squared_hinge 32j max(1 - y · ŷ, 0)², with labels -1 and 1.
categorical_hinge 32j The hinge of several classes, labels one-hot.
kl_divergence 32 Σ y · log(y / ŷ): how far one distribution is from another.
kullback_leibler_divergence 2j Σ y · log(y / ŷ): how far one distribution is from another.
poisson 32j ŷ - y · log(ŷ): for counts.
cosine_similarity 32 Minus the cosine of the angle between both.
cosine_proximity j Minus the cosine of the angle between both.
binary_focal_crossentropy 32 binary_crossentropy that weighs hard examples more.
categorical_focal_crossentropy 32 categorical_crossentropy that weighs hard examples more.
dice 3 1 - 2 · |y ∩ ŷ| / (|y| + |ŷ|): for segmentations.
tversky 3 dice with weights for what is found too much and too little.
circle 3 For embeddings: what is alike comes closer, what is not goes apart.
ctc 3 Sequences without alignment, as of speech and handwriting.
`,
  metric: `
accuracy 32j How often the prediction is right; which kind of accuracy, loss and outputs tell.
binary_accuracy 32j How often a probability lies on the right side of one half.
categorical_accuracy 32j How often the likeliest class is the right one, labels one-hot.
sparse_categorical_accuracy 32 How often the likeliest class is the right one, labels as whole numbers.
top_k_categorical_accuracy 32 How often the right class is among the likeliest five, labels one-hot.
sparse_top_k_categorical_accuracy 32 How often the right class is among the likeliest five, labels as whole numbers.
auc 32 The area under the curve of true over false positives.
precision 32j How many of those found are right.
recall 32 How many of the right ones are found.
f1_score 32 The harmonic mean of precision and recall.
true_positives 32 How many are rightly found.
true_negatives 32 How many are rightly left.
false_positives 32 How many are wrongly found.
false_negatives 32 How many are wrongly left.
mean_squared_error 32 The mean of (y - ŷ)².
mse 32j The mean of (y - ŷ)².
root_mean_squared_error 32 The root of the mean of (y - ŷ)².
mean_absolute_error 32 The mean of |y - ŷ|.
mae 32j The mean of |y - ŷ|.
mean_absolute_percentage_error 32 100 · the mean of |y - ŷ| / |y|.
mape 32j 100 · the mean of |y - ŷ| / |y|.
mean_squared_logarithmic_error 32 The mean of (log(1 + y) - log(1 + ŷ))².
msle 32 The mean of (log(1 + y) - log(1 + ŷ))².
r2_score 32 How much of the variance is explained: 1 is all of it.
cosine_similarity 32 The cosine of the angle between both.
cosine j The cosine of the angle between both.
binary_crossentropy 32 The loss of that name.
categorical_crossentropy 32j The loss of that name.
sparse_categorical_crossentropy 32j The loss of that name.
crossentropy 2j The crossentropy that fits loss and outputs.
kl_divergence 32 How far one distribution is from another.
poisson 32 ŷ - y · log(ŷ), for counts.
hinge 32 max(1 - y · ŷ, 0), with labels -1 and 1.
squared_hinge 32 max(1 - y · ŷ, 0)², with labels -1 and 1.
categorical_hinge 32 The hinge of several classes, labels one-hot.
`,
  optimizer: `
adam 32j Steps by running means of the gradient and of its square: what one mostly begins with.
sgd 32j Plain steps against the gradient; with momentum where it is made as an object.
rmsprop 32j Steps divided by the root of a running mean of squared gradients.
adamw 3 adam with weight decay apart from the gradient.
nadam 32 adam with Nesterov momentum.
adamax 32j adam with the largest gradient in place of the mean square.
adagrad 32j Steps that grow smaller where gradients were large: for sparse features.
adadelta 32j adagrad over a window: it needs no learning rate of one's own.
adafactor 3 adam with little memory, for large models.
ftrl 32 Follow the regularized leader: for wide linear models.
lion 3 Steps of the same size by the sign of the momentum.
muon 3 Orthogonalized momentum for matrices, adam for the rest.
`,
  initializer: `
glorot_uniform 32j Uniform within ±√(6 / (in + out)): what Dense and convolutions start with in Keras.
glorot_normal 32j Normal with the variance 2 / (in + out).
he_uniform 32j Uniform within ±√(6 / in): before relu.
he_normal 32j Normal with the variance 2 / in: before relu.
lecun_uniform=leCunUniform 32j Uniform within ±√(3 / in).
lecun_normal=leCunNormal 32j Normal with the variance 1 / in: before selu.
random_uniform 32j Uniform between -0.05 and 0.05.
random_normal 32j Normal with the deviation 0.05.
truncated_normal 32j Normal with the deviation 0.05, without what is over two deviations away.
variance_scaling 32j A variance by the number of inputs.
orthogonal 32j An orthogonal matrix: what recurrent kernels start with.
identity 32j The identity matrix.
zeros 32j All 0: what biases start with.
ones 32j All 1.
`,
  regularizer: `
l1 32 0.01 · Σ |w|: draws weights to 0.
l2 32 0.01 · Σ w²: keeps weights small.
l1_l2=l1l2 2j Both l1 and l2.
orthogonal_regularizer 32 Keeps rows or columns of a matrix orthogonal.
`,
  constraint: `
max_norm 32j The norm of each unit's weights stays at most 2.
min_max_norm 32j The norm of each unit's weights stays between 0 and 1.
non_neg 32j Weights stay at 0 or over it.
unit_norm 32j The norm of each unit's weights is 1.
`,
  padding: `
valid 32j No padding: the output is smaller than the input by what the kernel reaches over.
same 32j Zeros around, so that the output is as large as the input, or the input divided by the stride.
causal 32j Zeros before the first step only, so that no step sees those after it. Of one dimension only.
`,
  data_format: `
channels_last 32j (batch, height, width, channels): what one mostly has.
channels_first 32j (batch, channels, height, width): many layers need a GPU for it.
`,
};

const CODE: Readonly<Record<Library, string>> = { keras3: "3", keras2: "2", tfjs: "j" };

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** All of a kind that a library takes, in the order of the table: the usual ones come first. */
export function stringsOf(kind: StringKind, library: Library): readonly KnownString[] {
  return TABLE[kind]
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [, names = "", libraries = "", text = ""] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
      if (!libraries.includes(CODE[library])) return [];
      const [name = "", script = camel(name)] = names.split("=");
      return [{ name: library === "tfjs" ? script : name, text }];
    });
}
