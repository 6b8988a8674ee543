import { type Command, InvalidArgumentError } from "commander";
import { LabError } from "../errors.js";
import { defaultMethod, type MethodName, methodNames, methods } from "../experiment/methods.js";
import { unknown } from "../schema.js";
import { BOUND_OPTIONS } from "./bound-options.js";
import { isGiven, optionName } from "./options.js";

/** `gradient-descent,sam,hsr`, or `all`. */
export function methodList(text: string): readonly MethodName[] {
  if (text.trim() === "all") return methodNames;
  return text.split(",").map((part) => {
    const name = part.trim();
    if (methodNames.includes(name as MethodName)) return name as MethodName;
    throw new InvalidArgumentError(
      `${name === "" ? "A name is missing" : capital(unknown("method", name, methodNames))}; flatward methods shows them all.`,
    );
  });
}

/** Options that set a hyperparameter of all methods that have it. */
const settable = ["learningRate", "momentum", "weightDecay", "radius", ...BOUND_OPTIONS];

/**
 * Methods as a plan has them: with their defaults, but for what the options say.
 * @param strengths of HSR, where it is given
 * @throws LabError "usage" for an option that none of them uses
 */
export function methodsFrom(
  names: readonly string[],
  command: Command,
  strengths: readonly number[] | undefined,
): Record<string, unknown>[] {
  const given = settable.filter((name) => isGiven(command, name));
  const unused = given.find((key) =>
    names.every((name) => !(key in methods[name as MethodName].hyperparameters)),
  );
  if (unused !== undefined || (isGiven(command, "strengths") && !names.includes("hsr")))
    throw new LabError(
      "usage",
      `none of the methods ${names.join(", ")} has ${optionName(unused ?? "strengths")}: leave it out`,
    );
  return names.map((name) => ({
    ...methodAsGiven(name as MethodName, command, settable),
    ...(name === "hsr" && strengths !== undefined ? { strength: strengths } : {}),
  }));
}

/** A method with its defaults, but for those of these hyperparameters that the command line gives. */
export function methodAsGiven(
  method: MethodName,
  command: Command,
  names: readonly string[],
): Record<string, unknown> {
  const own = names.filter((name) => name in methods[method].hyperparameters && isGiven(command, name));
  return {
    ...defaultMethod(method),
    ...Object.fromEntries(own.map((name) => [name, command.getOptionValue(name)])),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
