// Versions of Python's packages, and what hangs on them. Pure.

/** The first TensorFlow without tf.estimator and tf.keras.estimator. */
const WITHOUT_ESTIMATOR = "2.16";

export const hasEstimator = (tensorflow: string): boolean => compareVersions(tensorflow, WITHOUT_ESTIMATOR) < 0;

/** Negative where `a` is older. Compares the numbers of the release, as far as `b` has them: `2.16.0rc1` is 2.16. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) =>
    version
      .split(/[^\d.]/)[0]!
      .split(".")
      .map(Number),
  );
  for (const [index, part] of right!.entries()) {
    const difference = (left![index] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}
