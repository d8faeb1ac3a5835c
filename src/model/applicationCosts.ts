// What a call of the models of keras.applications costs: multiply-accumulates by the maps that their convolutions give, as
// test/truth/applications.py measures them in models of two sizes. Knows no shape of a model.
import { type Dim, plus, times } from "./shape";

/**
 * A line a model: its name and what makes it wider or narrower; what each place of the input costs and of the map after each halving;
 * after which halving the channels of the input count, and how much each; what is the same for every size; the classifier without its
 * classes, for each class, and for each place of the last map.
 */
const COSTS = `
ConvNeXtBase | 0 412032 1741568 57824768 27413504 | 1 2048 | 0 0 1024 0
ConvNeXtLarge | 0 912960 3890304 129597696 61567488 | 1 3072 | 0 0 1536 0
ConvNeXtSmall | 0 235296 986688 32653440 15448320 | 1 1536 | 0 0 768 0
ConvNeXtTiny | 0 235296 986688 11081088 15448320 | 1 1536 | 0 0 768 0
ConvNeXtXLarge | 0 1610496 6891008 229944320 109352960 | 1 4096 | 0 0 2048 0
DenseNet121 | 0 0 364544 1040384 3325952 2129920 | 1 3136 | 0 0 1024 0
DenseNet169 | 0 0 364544 1040384 5079040 5832704 | 1 3136 | 0 0 1664 0
DenseNet201 | 0 0 364544 1040384 9568256 6881280 | 1 3136 | 0 0 1920 0
EfficientNetB0 | 0 2336 14832 44160 697680 2569120 | 1 288 | 627200 0 1280 0
EfficientNetB1 | 0 2736 23040 69360 946128 4286368 | 1 288 | 1108480 0 1280 0
EfficientNetB2 | 0 2736 23040 94032 1102800 5080816 | 1 288 | 1313728 0 1408 0
EfficientNetB3 | 0 5568 40080 97536 1721760 6863184 | 1 360 | 1859648 0 1536 0
EfficientNetB4 | 0 5832 54096 172464 2832720 11210560 | 1 432 | 3117408 0 1792 0
EfficientNetB5 | 0 6624 102096 280944 4100928 18484288 | 1 432 | 5151552 0 2048 0
EfficientNetB6 | 0 11064 125808 419424 5991168 26428512 | 1 504 | 7481184 0 2304 0
EfficientNetB7 | 0 12704 206208 601440 9338784 41342272 | 1 576 | 11899904 0 2560 0
EfficientNetV2B0 | 0 4608 52224 144384 1001088 3549984 | 1 288 | 1031424 0 1280 0
EfficientNetV2B1 | 0 6912 93184 236544 1234848 4002720 | 1 288 | 1198080 0 1280 0
EfficientNetV2B2 | 0 6912 93184 307456 1424320 5222704 | 1 288 | 1530944 0 1408 0
EfficientNetV2B3 | 0 8064 139776 329984 2104096 7795584 | 1 360 | 2308864 0 1536 0
EfficientNetV2L | 0 36864 1028096 2420736 14640000 76390976 | 1 288 | 22084608 0 1280 0
EfficientNetV2M | 0 15552 393984 1147904 6790304 34316128 | 1 216 | 9833984 0 1280 0
EfficientNetV2S | 0 10368 301824 603136 3621888 11785664 | 1 216 | 3664896 0 1280 0
InceptionResNetV2 | 0 0 27648 5120 138240 2162688 25976832 25888768 | 1 288 | 0 0 1536 0
InceptionV3 | 0 0 27648 5120 138240 889344 8696832 11993088 | 1 288 | 0 0 2048 0
MobileNet alpha=0.25 | 0 200 1968 7008 96448 101760 | 1 72 | 0 0 256 0
MobileNet alpha=0.5 | 0 656 7008 26304 373120 400128 | 1 144 | 0 0 512 0
MobileNet alpha=0.75 | 0 1368 15120 57888 830016 895104 | 1 216 | 0 0 768 0
MobileNet | 0 2336 26304 101760 1467136 1586688 | 1 288 | 0 0 1024 0
MobileNetV2 alpha=0.35 | 0 656 2400 10608 71328 296624 | 1 144 | 0 0 1280 0
MobileNetV2 alpha=0.5 | 0 656 6672 11808 137376 512192 | 1 144 | 0 0 1280 0
MobileNetV2 alpha=0.75 | 0 2136 14832 24624 299376 987168 | 1 216 | 0 0 1280 0
MobileNetV2 alpha=1.3 | 0 4776 26064 61728 874224 2709664 | 1 360 | 0 0 1664 0
MobileNetV2 alpha=1.4 | 0 5040 26064 85248 1013568 3136624 | 1 432 | 0 0 1792 0
MobileNetV2 | 0 2336 14832 40080 523584 1608064 | 1 288 | 0 0 1280 0
MobileNetV3Large alpha=0.75 minimalistic=true | 0 1424 7944 23112 281360 513072 | 1 144 | 0 921600 1280 0
MobileNetV3Large alpha=0.75 | 0 1424 7944 27336 281360 544560 | 1 144 | 903552 921600 1280 0
MobileNetV3Large minimalistic=true | 0 1424 7944 34488 445672 898848 | 1 144 | 0 1228800 1280 0
MobileNetV3Large | 0 1424 7944 39480 445672 940320 | 1 144 | 1507200 1228800 1280 0
MobileNetV3Small alpha=0.75 minimalistic=true | 0 0 1552 9696 60024 182736 | 1 144 | 0 442368 1024 0
MobileNetV3Small alpha=0.75 | 0 0 1552 9696 71160 200400 | 1 144 | 278272 442368 1024 0
MobileNetV3Small minimalistic=true | 0 0 1552 9696 88008 317088 | 1 144 | 0 589824 1024 0
MobileNetV3Small | 0 0 1552 9696 101448 340128 | 1 144 | 458752 589824 1024 0
NASNetLarge | 0 4032 66450 4288200 18366432 61795776 | 1 864 | 0 0 4032 0
NASNetMobile | 0 352 9612 230516 972400 2982496 | 1 288 | 0 0 1056 0
RegNetX002 | 0 768 4416 17024 269952 2001920 | 1 288 | 0 0 368 0
RegNetX004 | 0 1024 8704 43008 565760 4116480 | 1 288 | 0 0 384 0
RegNetX006 | 0 1536 18816 135936 927360 4549248 | 1 288 | 0 0 528 0
RegNetX008 | 0 2048 23552 182272 1598976 4741632 | 1 288 | 0 0 672 0
RegNetX016 | 0 2304 61056 423360 4484736 3261312 | 1 288 | 0 0 912 0
RegNetX032 | 0 3072 132096 1004544 8729856 4354560 | 1 288 | 0 0 1008 0
RegNetX040 | 0 2560 98560 1104000 12185600 7289600 | 1 288 | 0 0 1360 0
RegNetX064 | 0 5376 325248 2239104 17210368 4729088 | 1 288 | 0 0 1624 0
RegNetX080 | 0 2560 156160 2006400 28252800 7142400 | 1 288 | 0 0 1920 0
RegNetX120 | 0 7168 709632 4566016 29202432 9282560 | 1 288 | 0 0 2240 0
RegNetX160 | 0 8192 925696 7012352 35782656 8388608 | 1 288 | 0 0 2048 0
RegNetX320 | 0 10752 1591296 14112000 75866112 13547520 | 1 288 | 0 0 2520 0
RegNetY002 | 0 768 4416 17024 269952 2001920 | 1 288 | 474208 0 368 0
RegNetY004 | 0 1536 12288 103168 678912 2411200 | 1 288 | 662816 0 440 0
RegNetY006 | 0 1536 16128 145152 1294336 3093504 | 1 288 | 859264 0 608 0
RegNetY008 | 0 2048 23552 186368 2191360 2236416 | 1 288 | 818176 0 768 0
RegNetY016 | 0 1536 34944 360000 5298048 3047616 | 1 288 | 1507584 0 888 0
RegNetY032 | 0 2304 64512 793152 10907136 3483648 | 1 288 | 2593152 0 1512 0
RegNetY040 | 0 4096 225280 1191936 10223616 5361664 | 1 288 | 2476032 0 1088 0
RegNetY064 | 0 4608 294912 2592000 15095808 7464960 | 1 288 | 3734784 0 1296 0
RegNetY080 | 0 5376 334656 2784768 21977088 6886656 | 1 288 | 5072032 0 2016 0
RegNetY120 | 0 7168 709632 4566016 29202432 9282560 | 1 288 | 5698560 0 2240 0
RegNetY160 | 0 7168 709632 3863552 49812224 15918336 | 1 288 | 10107776 0 3024 0
RegNetY320 | 0 7424 1299200 12756288 85580160 26696704 | 1 288 | 14805312 0 3712 0
ResNet101 | 0 0 212992 1212416 26017792 14942208 | 1 3136 | 0 0 2048 0
ResNet101V2 | 0 0 159744 1052672 25378816 15794176 | 1 3136 | 0 0 2048 0
ResNet152 | 0 0 212992 2326528 40501248 14942208 | 1 3136 | 0 0 2048 0
ResNet152V2 | 0 0 159744 2166784 39862272 15794176 | 1 3136 | 0 0 2048 0
ResNet50 | 0 0 212992 1212416 7077888 14942208 | 1 3136 | 0 0 2048 0
ResNet50V2 | 0 0 159744 1052672 6438912 15794176 | 1 3136 | 0 0 2048 0
ResNetRS101 | 0 27648 282624 1310720 26411008 14417920 | 1 288 | 18972672 0 2048 0
ResNetRS152 | 0 27648 282624 2424832 40894464 14417920 | 1 288 | 26312704 0 2048 0
ResNetRS200 | 0 27648 282624 6881280 40894464 14417920 | 1 288 | 28409856 0 2048 0
ResNetRS270 | 0 27648 352256 8273920 59834368 18874368 | 1 288 | 40108032 0 2048 0
ResNetRS350 | 0 27648 352256 10223616 81002496 18874368 | 1 288 | 50987008 0 2048 0
ResNetRS420 | 0 27648 352256 12451840 97714176 18874368 | 1 288 | 59899904 0 2048 0
ResNetRS50 | 0 27648 282624 1310720 7471104 14417920 | 1 288 | 10059776 0 2048 0
VGG16 | 36864 221184 1474560 5898240 7077888 0 | 0 576 | 0 16777216 4096 2097152
VGG19 | 36864 221184 2064384 8257536 9437184 0 | 0 576 | 0 16777216 4096 2097152
Xception | 0 0 44736 109952 757976 14351792 5487104 | 1 288 | 0 0 2048 0
`;

interface Costs {
  readonly maps: readonly number[];
  readonly channels: { readonly at: number; readonly each: number };
  readonly fixed: number;
  readonly head: number;
  readonly perClass: number;
  readonly perPlace: number;
}

const numbers = (text: string): number[] => text.trim().split(" ").map(Number);

let table: ReadonlyMap<string, Costs> | null = null;

function costs(): ReadonlyMap<string, Costs> {
  table ??= new Map(
    COSTS.trim()
      .split("\n")
      .map((line) => {
        const [name, maps, channels, others] = line.split("|") as [string, string, string, string];
        const [at, each] = numbers(channels) as [number, number];
        const [fixed, head, perClass, perPlace] = numbers(others) as [number, number, number, number];
        return [name.trim(), { maps: numbers(maps), channels: { at, each }, fixed, head, perClass, perPlace }] as const;
      }),
  );
  return table;
}

export interface Asked {
  readonly name: string;
  /** What makes it wider or narrower, where that is not the default. */
  readonly variant: Readonly<Record<string, number | boolean>>;
  /** The input and what is left of it after each halving: height and width. */
  readonly maps: readonly (readonly [Dim, Dim])[];
  readonly channels: Dim;
  /** Null: without the classifier. */
  readonly classes: Dim;
  readonly top: boolean;
}

/** Multiply-accumulates of one example; "?" where the model is not in the table. */
export function applicationMacs({ name, variant, maps, channels, classes, top }: Asked): Dim {
  const key = [name, ...Object.entries(variant).map(([argument, value]) => `${argument}=${value}`)].join(" ");
  const found = costs().get(key);
  if (!found || found.maps.length !== maps.length) return "?";
  const places = maps.map(([height, width]) => times(height, width));
  const convolutions = found.maps.flatMap((each, at) => (each === 0 ? [] : [times(each, places[at]!)]));
  const first = times(found.channels.each, places[found.channels.at]!, channels);
  const base = plus(found.fixed, first, ...convolutions);
  if (!top) return base;
  const last = found.perPlace === 0 ? 0 : times(found.perPlace, places.at(-1)!);
  return plus(base, found.head, last, times(found.perClass, classes));
}
