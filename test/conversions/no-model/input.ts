import * as tf from "@tensorflow/tfjs";

tf.ones([2, 2]).print();
