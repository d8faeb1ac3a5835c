import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

export class Trainer {
	private readonly model: tf.LayersModel;

	constructor(private readonly epochs: number) {
		this.model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
		this.model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
	}

	async train(xs: tf.Tensor2D, ys: tf.Tensor2D): Promise<void> {
		const estimator = modelToEstimator({ kerasModel: this.model, modelDir: "model_dir/in-a-class" });
		const trainInputFn = tensorInputFn({ x: xs, y: ys, numEpochs: this.epochs, shuffle: false });
		const evalInputFn = tensorInputFn({ x: xs, y: ys, shuffle: false });
		await estimator.train(trainInputFn);
		console.log(await estimator.evaluate(evalInputFn));
	}
}
