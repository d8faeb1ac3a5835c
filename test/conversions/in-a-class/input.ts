import * as tf from "@tensorflow/tfjs";

export class Trainer {
	private readonly model: tf.LayersModel;

	constructor(private readonly epochs: number) {
		this.model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
		this.model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
	}

	async train(xs: tf.Tensor2D, ys: tf.Tensor2D): Promise<void> {
		await this.model.fit(xs, ys, { epochs: this.epochs, shuffle: false });
	}
}
