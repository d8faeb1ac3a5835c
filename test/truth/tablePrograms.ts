// Programs that read tables as scripts do before a training; each names in `told` what is asked: arrays, series, frames.

export const FILES: Readonly<Record<string, string>> = {
  "flowers.csv": `sepal_length,sepal_width,petal_length,petal_width,species
${Array.from({ length: 30 }, (_, at) => `${4 + at / 10},${3 + (at % 5) / 10},1.${at},0.${at % 9},${["setosa", "virginica"][at % 2]}`).join("\n")}
`,
  "bare.csv": `${Array.from({ length: 12 }, (_, at) => `${at},${at * 2},${at * 3},${at % 2}`).join("\n")}\n`,
  "wine.csv": `"fixed acidity";"alcohol";"quality"\n${Array.from({ length: 9 }, (_, at) => `7.${at};9.${at};${at % 3}`).join("\n")}\n`,
  "quoted.csv": `id,"text, long",value\n1,"a, b",2\n\n2,"two\nlines",3\n3,"say ""no""",4\n`,
  "indexed.csv": `,a,b\n0,1,2\n1,3,4\n`,
  "data/deep.csv": `x,y\n1,2\n3,4\n5,6\n`,
};

const START = `
import numpy as np
import pandas as pd
`;

const PROGRAMS: Readonly<Record<string, string>> = {
  "frames that are written out": `
df = pd.DataFrame({"age": [3, 4, 5], "size": [0.5, 1, 2], "old": [True, False, True], "weight": np.zeros((3,), "float32")})
array = pd.DataFrame(np.ones((6, 2)), columns=["a", "b"])
labels = df.pop("old")
told = [df, df["age"], df["size"], df["weight"], labels, df[["age", "size"]].values, array, array.values, pd.DataFrame(df)]
`,
  "features and labels": `
df = pd.read_csv("flowers.csv")
y = df.pop("species")
X = df.values
told = [df, y, X, df.to_numpy(), df["sepal_width"], df[["sepal_width", "petal_width"]]]
`,
  "columns that are dropped": `
df = pd.read_csv("flowers.csv")
a = df.drop(columns=["species", "petal_width"])
b = df.drop("species", axis=1)
c = df.drop(["species"], axis="columns").values
df.drop("species", axis=1, inplace=True)
del df["sepal_width"]
told = [a, b, c, df, df.copy()]
`,
  "rows and columns by place": `
df = pd.read_csv("flowers.csv")
told = [df.iloc[:, :-1], df.iloc[:, -1], df.iloc[:, 0:2].values, df.iloc[2:9], df.iloc[:20, 1:], df.iloc[:, [0, 2]], df.iloc[3]]
`,
  "rows and columns by name": `
df = pd.read_csv("flowers.csv")
told = [df.loc[:, "sepal_width":"petal_width"], df.loc[:, ["species"]], df.loc[:, "species"]]
`,
  "a table without a header": `
df = pd.read_csv("bare.csv", header=None)
told = [df, df[3], df.iloc[:, :3].values, df.drop(3, axis=1)]
`,
  "names for a table": `
columns = ["a", "b", "c", "d"]
df = pd.read_csv("bare.csv", names=columns)
told = [df, df[columns[:2]], df[columns].values]
`,
  "names in place of those of the file": `
df = pd.read_csv("flowers.csv", names=["a", "b", "c", "d", "e"], header=0)
told = [df, df.pop("e"), df]
`,
  "names for fewer columns": `
df = pd.read_csv("bare.csv", names=["b", "c", "d"])
told = [df]
`,
  "another separator": `
df = pd.read_csv("wine.csv", sep=";")
told = [df, df["alcohol"], df.drop("quality", axis=1).values]
`,
  "cells with separators, quotes and lines": `
df = pd.read_csv("quoted.csv")
told = [df, df["text, long"]]
`,
  "a column that is the index": `
told = [pd.read_csv("indexed.csv"), pd.read_csv("indexed.csv", index_col=0), pd.read_csv("flowers.csv", index_col="species")]
`,
  "some columns": `
told = [pd.read_csv("flowers.csv", usecols=["species", "petal_width"]), pd.read_csv("bare.csv", header=None, usecols=[0, 2])]
`,
  "a file in a folder": `
told = [pd.read_csv("data/deep.csv"), pd.read_csv("./data/deep.csv").values]
`,
  "columns that are added": `
df = pd.read_csv("flowers.csv")
df["area"] = df["sepal_length"] * df["sepal_width"]
df["species"] = df["species"].map({"setosa": 0, "virginica": 1})
told = [df, df.drop(columns="area"), df.fillna(0)]
`,
  "numbers put to scale": `
df = pd.read_csv("flowers.csv")
labels = df.pop("species")
scaled = (df - df.mean()) / df.std()
told = [scaled, df / 10.0, scaled.values]
`,
  "scalers of scikit-learn": `
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, StandardScaler
df = pd.read_csv("flowers.csv")
X, y = df.drop("species", axis=1), LabelEncoder().fit_transform(df["species"])
scaler = StandardScaler()
X = scaler.fit_transform(X)
again = scaler.transform(X)
small = MinMaxScaler().fit(X).transform(X)
told = [X, y, again, small]
`,
  "numbers without pandas": `
told = [
    np.loadtxt("bare.csv", delimiter=","),
    np.genfromtxt("wine.csv", delimiter=";", skip_header=1),
    np.loadtxt("bare.csv", delimiter=",", skiprows=2)[:, :3],
    np.loadtxt("bare.csv", delimiter=",", usecols=(0, 1)),
]
`,
};

export const TABLE_PROGRAMS = Object.entries(PROGRAMS).map(([name, program]) => ({ name, program: START + program }));
